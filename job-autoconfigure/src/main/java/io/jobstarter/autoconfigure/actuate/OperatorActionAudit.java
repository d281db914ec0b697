package io.jobstarter.autoconfigure.actuate;

import java.util.LinkedHashMap;
import java.util.Map;

import io.jobstarter.OperatorAction;
import io.jobstarter.support.LoggedError;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.actuate.audit.AuditEvent;
import org.springframework.boot.actuate.audit.listener.AuditApplicationEvent;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.core.Ordered;

/**
 * Passes what operators do on to Spring Boot's audit, which keeps it where the
 * application has an {@code AuditEventRepository}. Goes before the application's own
 * listeners, and keeps its failures to itself.
 */
final class OperatorActionAudit implements ApplicationListener<PayloadApplicationEvent<OperatorAction>>, Ordered {

	private static final String TYPE = "BACKGROUND_JOBS_";

	private static final Log logger = LogFactory.getLog(OperatorActionAudit.class);

	private final ApplicationEventPublisher publisher;

	OperatorActionAudit(ApplicationEventPublisher publisher) {
		this.publisher = publisher;
	}

	@Override
	public void onApplicationEvent(PayloadApplicationEvent<OperatorAction> event) {
		OperatorAction action = event.getPayload();
		try {
			this.publisher.publishEvent(new AuditApplicationEvent(auditEvent(action)));
		}
		catch (RuntimeException ex) {
			logger.warn("The operation " + action.operation() + " could not be added to the audit", LoggedError.of(ex));
		}
	}

	private static AuditEvent auditEvent(OperatorAction action) {
		Map<String, Object> data = new LinkedHashMap<>();
		data.put("target", action.target());
		data.put("count", action.count());
		if (action.audit().why() != null) {
			data.put("why", action.audit().why());
		}
		data.putAll(action.details());
		String by = action.audit().by();
		return new AuditEvent((by != null) ? by : "unknown", TYPE + action.operation().name(), data);
	}

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE + 1;
	}

}
