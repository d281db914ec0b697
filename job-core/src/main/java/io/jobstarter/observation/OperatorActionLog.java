package io.jobstarter.observation;

import io.jobstarter.Audit;
import io.jobstarter.OperatorAction;
import io.jobstarter.support.CleanText;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.core.Ordered;

/**
 * Writes what operators do to the log {@code io.jobstarter.audit}, a line each, cleaned
 * of line breaks and control codes. Goes before other listeners: one of them that throws
 * ends the round.
 */
public class OperatorActionLog implements ApplicationListener<PayloadApplicationEvent<OperatorAction>>, Ordered {

	private static final Log logger = LogFactory.getLog("io.jobstarter.audit");

	private static final int MAX_LINE = 4_000;

	// The ids of many letters leave room for the reason.
	private static final int MAX_DETAIL = 1_000;

	@Override
	public void onApplicationEvent(PayloadApplicationEvent<OperatorAction> event) {
		if (logger.isInfoEnabled()) {
			logger.info(line(event.getPayload()));
		}
	}

	// Quoted and escaped: what somebody writes as a reason, or calls a circuit breaker,
	// looks like no other field.
	static String line(OperatorAction action) {
		Audit audit = action.audit();
		StringBuilder line = new StringBuilder(action.operation().name()).append(" of ")
			.append(quoted(action.target()))
			.append(" by ")
			.append((audit.by() != null) ? quoted(audit.by()) : "unknown")
			.append(", count ")
			.append(action.count());
		action.details()
			.forEach((name, value) -> line.append(", ")
				.append(name)
				.append(' ')
				.append(quoted(CleanText.storable(value, MAX_DETAIL))));
		if (audit.why() != null) {
			line.append(", because ").append(quoted(audit.why()));
		}
		return CleanText.printable(line.toString(), MAX_LINE);
	}

	private static String quoted(String text) {
		return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
	}

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

}
