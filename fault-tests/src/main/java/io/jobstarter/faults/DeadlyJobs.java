package io.jobstarter.faults;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import io.jobstarter.BackgroundJob;
import io.jobstarter.JobAttempt;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.stereotype.Component;

/**
 * Jobs that end the process that they run in.
 */
@Component
public class DeadlyJobs {

	private static final int CHUNK = 1_000_000;

	private final Ledger ledger;

	private final ConfigurableApplicationContext application;

	DeadlyJobs(Ledger ledger, ConfigurableApplicationContext application) {
		this.ledger = ledger;
		this.application = application;
	}

	/**
	 * Ends the process.
	 *
	 * @param number which job it is
	 * @param way how
	 */
	public record Deadly(int number, Way way) {
	}

	/**
	 * Runs until it is interrupted, and ends the process then.
	 *
	 * @param number which job it is
	 */
	public record ExitsWhenInterrupted(int number) {
	}

	@BackgroundJob
	void deadly(Deadly deadly, JobAttempt attempt) throws Exception {
		this.ledger.started(deadly.number(), attempt);
		deadly.way().end(this.application);
	}

	@BackgroundJob
	void exitsWhenInterrupted(ExitsWhenInterrupted exits, JobAttempt attempt) {
		this.ledger.started(exits.number(), attempt);
		while (!Thread.interrupted()) {
			LockSupport.park();
		}
		System.exit(1);
	}

	/**
	 * How a process can end.
	 */
	public enum Way {

		/** In an orderly way, as command-line programs do: shutdown hooks run. */
		EXIT {

			@Override
			void end(ConfigurableApplicationContext application) {
				System.exit(1);
			}

		},

		/** First the application, in the job's own thread, and then the process. */
		CLOSE {

			@Override
			void end(ConfigurableApplicationContext application) {
				System.exit(SpringApplication.exit(application));
			}

		},

		/** Without hooks. */
		HALT {

			@Override
			void end(ConfigurableApplicationContext application) {
				Runtime.getRuntime().halt(1);
			}

		},

		/** By a signal. */
		KILL {

			@Override
			void end(ConfigurableApplicationContext application) throws IOException {
				new ProcessBuilder("kill", "-KILL", String.valueOf(ProcessHandle.current().pid())).start();
				LockSupport.park();
			}

		},

		/** For lack of memory, where the JVM was told to exit then. */
		MEMORY {

			@Override
			void end(ConfigurableApplicationContext application) {
				List<byte[]> hoard = new ArrayList<>();
				while (!Thread.interrupted()) {
					hoard.add(new byte[CHUNK]);
				}
				throw new IllegalStateException("interrupted with " + hoard.size() + " MB");
			}

		};

		abstract void end(ConfigurableApplicationContext application) throws Exception;

	}

}
