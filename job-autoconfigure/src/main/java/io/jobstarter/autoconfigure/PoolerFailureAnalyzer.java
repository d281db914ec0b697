package io.jobstarter.autoconfigure;

import java.sql.SQLException;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Says which setting a pooler such as PgBouncer and the application disagree about,
 * whoever was the first to meet it: the pool, the application's migrations, or the
 * engine.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class PoolerFailureAnalyzer extends AbstractFailureAnalyzer<SQLException> {

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, SQLException cause) {
		return PoolerException.explaining(cause)
			.map((explanation) -> new FailureAnalysis(explanation.getMessage() + ".", explanation.remedy(), cause))
			.orElse(null);
	}

}
