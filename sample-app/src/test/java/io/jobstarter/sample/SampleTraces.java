package io.jobstarter.sample;

import java.util.List;

import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;

import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * Keeps the spans of the application.
 */
@TestConfiguration(proxyBeanMethods = false)
public class SampleTraces {

	private final InMemorySpanExporter spans = InMemorySpanExporter.create();

	@Bean
	SpanProcessor spanProcessor() {
		return SimpleSpanProcessor.create(this.spans);
	}

	public void forget() {
		this.spans.reset();
	}

	/**
	 * The spans of a name, in the order of their ends.
	 * @param name the name
	 * @return what has ended since they were forgotten
	 */
	public List<SpanData> named(String name) {
		return this.spans.getFinishedSpanItems().stream().filter((span) -> span.getName().equals(name)).toList();
	}

}
