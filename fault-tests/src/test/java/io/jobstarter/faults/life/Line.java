package io.jobstarter.faults.life;

import java.time.Instant;
import java.util.Locale;

/**
 * A line of the journal.
 *
 * @param id its place
 * @param at when the row was changed
 * @param tx the transaction that did
 * @param source the table
 * @param op what was done
 * @param row the id of the job, or of the worker
 * @param image the row as it is then, or was before it was deleted
 */
record Line(long id, Instant at, long tx, String source, String op, long row, Image image) {

	boolean isOf(String table) {
		return this.source.equals(table);
	}

	boolean isDelete() {
		return this.op.equals("DELETE");
	}

	boolean isInsert() {
		return this.op.equals("INSERT");
	}

	@Override
	public String toString() {
		return this.at + " tx " + this.tx + " " + this.op.toLowerCase(Locale.ROOT) + " " + this.source + " "
				+ this.image;
	}

}
