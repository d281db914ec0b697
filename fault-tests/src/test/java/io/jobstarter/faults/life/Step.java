package io.jobstarter.faults.life;

import org.jspecify.annotations.Nullable;

/**
 * One change of a job's row: an arrow from a stage to a stage.
 *
 * @param line the change
 * @param before the row before, or {@code null} if it was inserted
 * @param from the stage before, or {@code null} if it was inserted
 * @param to the stage after, or {@code null} if its row went and nothing says where to
 * @param end the line that says where to, if its row went
 */
record Step(Line line, @Nullable Image before, @Nullable Stage from, @Nullable Stage to, @Nullable Line end) {

	/**
	 * The row as it was before.
	 * @return the image, which is there but for an insert
	 */
	Image old() {
		if (this.before == null) {
			throw new IllegalStateException("Nothing was there before " + this);
		}
		return this.before;
	}

	Image image() {
		return this.line.image();
	}

	boolean isClaim() {
		return this.to == Stage.RUNNING && this.from != Stage.RUNNING;
	}

	boolean endsClaim() {
		return this.from == Stage.RUNNING && this.to != Stage.RUNNING;
	}

	@Override
	public String toString() {
		return this.from + " -> " + this.to + " (" + this.line + ")";
	}

}
