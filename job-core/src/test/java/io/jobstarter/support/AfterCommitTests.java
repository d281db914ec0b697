package io.jobstarter.support;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

import javax.sql.DataSource;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

class AfterCommitTests {

	private final List<String> ran = new ArrayList<>();

	private final DataSource dataSource = new DriverManagerDataSource("jdbc:h2:mem:" + UUID.randomUUID());

	private final JdbcTransactionManager transactionManager = new JdbcTransactionManager(this.dataSource);

	@AfterEach
	void nothingStaysWithTheThread() {
		assertThat(TransactionSynchronizationManager.getResourceMap()).isEmpty();
		assertThat(TransactionSynchronizationManager.isSynchronizationActive()).isFalse();
	}

	@Test
	void runsAtOnceWithoutATransaction() {
		later("action");
		assertThat(this.ran).containsExactly("action");
	}

	@Test
	void runsInOrderOnceItIsCommitted() {
		inTransaction(() -> {
			later("first");
			later("second");
			assertThat(this.ran).isEmpty();
		});
		assertThat(this.ran).containsExactly("first", "second");
	}

	@Test
	void takesOneSynchronizationHoweverManyActions() {
		inTransaction(() -> {
			later("first");
			later("second");
			assertThat(TransactionSynchronizationManager.getSynchronizations()).hasSize(1);
		});
	}

	@Test
	void neverRunsAfterARollback() {
		rolledBack(() -> later("action"));
		inTransaction(() -> {
		});
		assertThat(this.ran).isEmpty();
	}

	@Test
	void aTransactionInsideThatCommitsIsNotUndoneByTheOuterOne() {
		rolledBack(() -> {
			later("outer");
			inNew(() -> later("inner"));
			assertThat(this.ran).containsExactly("inner");
			later("outer again");
		});
		assertThat(this.ran).containsExactly("inner");
	}

	@Test
	void aTransactionInsideThatRollsBackTakesNothingWithIt() {
		inTransaction(() -> {
			later("outer");
			template(TransactionDefinition.PROPAGATION_REQUIRES_NEW).executeWithoutResult((status) -> {
				later("inner");
				status.setRollbackOnly();
			});
			later("outer again");
			assertThat(this.ran).isEmpty();
		});
		assertThat(this.ran).containsExactly("outer", "outer again");
	}

	@Test
	void aTransactionInsideOneThatHasNothingToRunRunsItsOwn() {
		inTransaction(() -> {
			inNew(() -> later("inner"));
			assertThat(this.ran).containsExactly("inner");
			later("outer");
		});
		assertThat(this.ran).containsExactly("inner", "outer");
	}

	@Test
	void whatRunsWithoutATransactionInsideOneDoesNotWaitForIt() {
		rolledBack(() -> {
			later("outer");
			template(TransactionDefinition.PROPAGATION_NOT_SUPPORTED).executeWithoutResult((status) -> later("inner"));
			assertThat(this.ran).containsExactly("inner");
		});
		assertThat(this.ran).containsExactly("inner");
	}

	@Test
	void aSavepointThatIsRolledBackTakesItsActionsWithIt() {
		inTransaction(() -> {
			later("before");
			nested(true, () -> later("undone"));
			nested(false, () -> later("kept"));
			later("after");
		});
		assertThat(this.ran).containsExactly("before", "kept", "after");
	}

	@Test
	void aSavepointThatIsRolledBackTakesTheActionsOfThoseInsideIt() {
		inTransaction(() -> {
			nested(true, () -> {
				later("undone");
				nested(false, () -> later("undone too"));
			});
			later("after");
		});
		assertThat(this.ran).containsExactly("after");
	}

	@Test
	void anActionMayAddAnother() {
		inTransaction(() -> AfterCommit.run(() -> {
			this.ran.add("first");
			later("added");
			this.ran.add("still first");
		}));
		assertThat(this.ran).containsExactly("first", "added", "still first");
	}

	@Test
	void runsWhatIsAddedAfterTheCommitThoughOthersCameFirst() {
		inTransaction(() -> {
			later("in time");
			TransactionSynchronizationManager.registerSynchronization(afterCommit(() -> later("late")));
		});
		assertThat(this.ran).containsExactly("in time", "late");
	}

	@Test
	void runsWhatIsAddedForTheFirstTimeAfterTheCommit() {
		inTransaction(
				() -> TransactionSynchronizationManager.registerSynchronization(afterCommit(() -> later("late"))));
		assertThat(this.ran).containsExactly("late");
	}

	@Test
	void runsAnActionOnceOnAllThatItWasGiven() {
		Consumer<List<String>> action = (items) -> this.ran.add(String.join("+", items));
		Consumer<List<String>> another = (items) -> this.ran.add("another " + String.join("+", items));
		inTransaction(() -> {
			AfterCommit.together(action, List.of("a", "b"));
			later("between");
			AfterCommit.together(another, List.of("x"));
			nested(true, () -> AfterCommit.together(action, List.of("undone")));
			AfterCommit.together(action, List.of("c"));
			assertThat(this.ran).isEmpty();
		});
		assertThat(this.ran).containsExactly("a+b+c", "between", "another x");
	}

	@Test
	void runsAnActionOnNothingThatIsRolledBackAndOnEachItemWithoutATransaction() {
		Consumer<List<String>> action = (items) -> this.ran.add(String.join("+", items));
		rolledBack(() -> AfterCommit.together(action, List.of("undone")));
		AfterCommit.together(action, List.of("a"));
		AfterCommit.together(action, List.of("b"));
		assertThat(this.ran).containsExactly("a", "b");
	}

	@Test
	void tellsThatTheTransactionIsCommittedWhileItsActionsRunAndNotBefore() {
		List<Boolean> committed = new ArrayList<>();
		inTransaction(() -> {
			committed.add(AfterCommit.isCommitted());
			AfterCommit.run(() -> {
				committed.add(AfterCommit.isCommitted());
				inNew(() -> committed.add(AfterCommit.isCommitted()));
			});
		});
		committed.add(AfterCommit.isCommitted());
		assertThat(committed).containsExactly(false, true, false, false);
	}

	private void later(String action) {
		AfterCommit.run(() -> this.ran.add(action));
	}

	private void inTransaction(Runnable body) {
		template(TransactionDefinition.PROPAGATION_REQUIRED).executeWithoutResult((status) -> body.run());
	}

	private void inNew(Runnable body) {
		template(TransactionDefinition.PROPAGATION_REQUIRES_NEW).executeWithoutResult((status) -> body.run());
	}

	private void nested(boolean rollback, Runnable body) {
		template(TransactionDefinition.PROPAGATION_NESTED).executeWithoutResult((status) -> {
			body.run();
			if (rollback) {
				status.setRollbackOnly();
			}
		});
	}

	private void rolledBack(Runnable body) {
		template(TransactionDefinition.PROPAGATION_REQUIRED).executeWithoutResult((status) -> {
			body.run();
			status.setRollbackOnly();
		});
	}

	private TransactionTemplate template(int propagation) {
		TransactionTemplate template = new TransactionTemplate(this.transactionManager);
		template.setPropagationBehavior(propagation);
		return template;
	}

	private static TransactionSynchronization afterCommit(Runnable action) {
		return new TransactionSynchronization() {
			@Override
			public void afterCommit() {
				action.run();
			}
		};
	}

}
