package io.jobstarter.autoconfigure;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class GaleraSequencesTests {

	@Test
	void keepsNoNumbersOfASequenceInTheMemoryOfOneServer() {
		assertThat(GaleraSequences.rewritten("create sequence if not exists jobs_id engine = InnoDB"))
			.isEqualTo("create sequence if not exists jobs_id nocache engine = InnoDB");
	}

	@Test
	void leavesOtherStatementsAsTheyAre() {
		String statement = "create table if not exists jobs (id bigint primary key) engine = InnoDB";
		assertThat(GaleraSequences.rewritten(statement)).isEqualTo(statement);
	}

}
