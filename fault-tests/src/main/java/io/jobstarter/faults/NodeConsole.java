package io.jobstarter.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

import io.jobstarter.autoconfigure.actuate.BackgroundJobHealth;
import io.jobstarter.autoconfigure.actuate.BackgroundJobHealthCheck;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Answers the questions that the process which started this node writes to its input, a
 * line each, by lines of its output that begin with {@value #MARK}. Ends the node with
 * its input: when that process is gone, however it ended.
 */
@Component
public class NodeConsole {

	/** What an answer begins with; the question follows, and then the answer. */
	public static final String MARK = "@@ ";

	/** Asks how the node does: the status of its health, and the details. */
	public static final String HEALTH = "health";

	private static volatile @Nullable NodeConsole ready;

	private final ObjectProvider<BackgroundJobHealthCheck> health;

	NodeConsole(ObjectProvider<BackgroundJobHealthCheck> health) {
		this.health = health;
	}

	@EventListener(ApplicationReadyEvent.class)
	void ready() {
		ready = this;
	}

	static void open() {
		Thread thread = new Thread(NodeConsole::answerUntilTheEnd, "console");
		thread.setDaemon(true);
		thread.start();
	}

	private static void answerUntilTheEnd() {
		try (BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
			for (String question = questions.readLine(); question != null; question = questions.readLine()) {
				NodeConsole there = ready;
				System.out.println(MARK + question + " " + ((there != null) ? there.answer(question) : "STARTING"));
			}
		}
		catch (IOException ex) {
			// The input is gone as well.
		}
		Runtime.getRuntime().halt(1);
	}

	private String answer(String question) {
		return question.equals(HEALTH) ? describe(this.health.getObject().check()) : "not understood";
	}

	private static String describe(BackgroundJobHealth health) {
		return health.status() + " " + health.details();
	}

}
