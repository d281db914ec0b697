package io.jobstarter.sample.replay;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ApplicationContext;
import org.springframework.stereotype.Component;

/**
 * {@code --sample.post-payloads=<folder>}: posts every payload of a folder to this
 * application, prints what became of them, and ends with exit code 0 if nothing is lost,
 * else 1. Asked at start rather than a condition of this bean, which would be decided
 * when the application is processed ahead of time.
 */
@Component
class PostPayloads implements ApplicationRunner {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final PayloadPoster poster;

	private final ApplicationContext context;

	private final String directory;

	PostPayloads(PayloadPoster poster, ApplicationContext context,
			@Value("${sample.post-payloads:}") String directory) {
		this.poster = poster;
		this.context = context;
		this.directory = directory;
	}

	@Override
	public void run(ApplicationArguments args) throws Exception {
		if (!this.directory.isEmpty()) {
			post(PayloadSet.load(Path.of(this.directory)));
		}
	}

	private void post(PayloadSet set) throws Exception {
		long seed = ThreadLocalRandom.current().nextLong();
		print("Posting %d payloads from %s, shuffled with seed %d.%n", set.payloads().size(), set.origin(), seed);
		PostReport report = this.poster.post(set.payloads(), seed, PATIENCE);
		print("%n%s%n%s%n", report, report.isComplete() ? "Nothing is lost." : "SOMETHING IS LOST OR FAILED.");
		System.exit(SpringApplication.exit(this.context, () -> report.isComplete() ? 0 : 1));
	}

	private static void print(String format, Object... arguments) {
		// A report for whoever typed the command, not a log line.
		System.out.printf(format, arguments);
	}

}
