package io.jobstarter.execution;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import io.jobstarter.JobAttempt;
import io.jobstarter.JobId;
import org.jspecify.annotations.Nullable;

/**
 * The attempt that a handler sees, and the handle by which the engine ends it early. An
 * interrupt reaches the thread only while the body runs in it: what the thread does
 * before and after is never broken by one.
 */
public final class AttemptContext implements JobAttempt {

	private final Facts facts;

	private final @Nullable String earlierTrace;

	private volatile @Nullable String trace;

	private volatile boolean leaseLost;

	private volatile @Nullable InterruptReason interruptReason;

	private @Nullable Thread bodyThread;

	/**
	 * Makes the context of an attempt.
	 * @param facts what is known of it
	 */
	public AttemptContext(Facts facts) {
		this(facts, null);
	}

	/**
	 * Makes the context of an attempt.
	 * @param facts what is known of it
	 * @param earlierTrace the span of the first attempt, as {@link #traced} took it, or
	 * {@code null} if this is the first or none is known
	 */
	public AttemptContext(Facts facts, @Nullable String earlierTrace) {
		this.facts = facts;
		this.earlierTrace = earlierTrace;
	}

	/**
	 * Tells the span of the first attempt, which later ones are linked to.
	 * @return the span, or {@code null} if none is known
	 */
	public @Nullable String earlierTrace() {
		return this.earlierTrace;
	}

	/**
	 * Notes the span of this attempt.
	 * @param trace the span, in W3C's form of a {@code traceparent}
	 */
	public void traced(String trace) {
		this.trace = trace;
	}

	/**
	 * Tells the span of this attempt.
	 * @return the span, or {@code null} if nobody traces it
	 */
	public @Nullable String trace() {
		return this.trace;
	}

	/**
	 * Notes that this node does not hold the job any more.
	 */
	public void markLeaseLost() {
		this.leaseLost = true;
	}

	/**
	 * Asks the body to end early: interrupts its thread, or the thread that will run it.
	 * Only the first reason counts.
	 * @param reason why
	 * @return whether this was the first reason
	 */
	public synchronized boolean interrupt(InterruptReason reason) {
		if (this.interruptReason != null) {
			return false;
		}
		this.interruptReason = reason;
		if (this.bodyThread != null) {
			this.bodyThread.interrupt();
		}
		return true;
	}

	synchronized void enterBody() {
		this.bodyThread = Thread.currentThread();
		if (this.interruptReason != null) {
			this.bodyThread.interrupt();
		}
	}

	synchronized void leaveBody() {
		this.bodyThread = null;
		// An interrupt that the body did not take must not meet the settling.
		Thread.interrupted();
	}

	/**
	 * Tells whether the body itself ends the process or the application: its thread is
	 * the one that stops the node, or is in {@link Runtime#exit}, from which no thread
	 * returns.
	 * @param stopper the thread that stops the node
	 * @return whether it does
	 */
	public synchronized boolean isEndingTheNode(Thread stopper) {
		Thread body = this.bodyThread;
		return body != null
				&& (body == stopper || Arrays.stream(body.getStackTrace()).anyMatch(AttemptContext::isExit));
	}

	private static boolean isExit(StackTraceElement frame) {
		return frame.getClassName().equals("java.lang.Shutdown") && frame.getMethodName().equals("exit");
	}

	/**
	 * Tells why the body was asked to end early.
	 * @return the reason, or {@code null} if it was not asked
	 */
	public @Nullable InterruptReason interruptReason() {
		return this.interruptReason;
	}

	@Override
	public JobId id() {
		return this.facts.id();
	}

	@Override
	public String name() {
		return this.facts.name();
	}

	@Override
	public String queue() {
		return this.facts.queue();
	}

	@Override
	public int number() {
		return this.facts.number();
	}

	@Override
	public Instant enqueuedAt() {
		return this.facts.enqueuedAt();
	}

	@Override
	public Instant dueAt() {
		return this.facts.dueAt();
	}

	@Override
	public Map<String, String> headers() {
		return this.facts.headers();
	}

	@Override
	public List<String> tags() {
		return this.facts.tags();
	}

	@Override
	public String idempotencyKey() {
		return this.facts.idempotencyKey();
	}

	@Override
	public boolean isLeaseLost() {
		return this.leaseLost;
	}

	@Override
	public boolean isCancellationRequested() {
		return this.interruptReason != null;
	}

	/**
	 * Why a body is asked to end early.
	 */
	public enum InterruptReason {

		/** Somebody cancelled the job. */
		CANCEL,

		/** The attempt took longer than its timeout. */
		TIMEOUT,

		/** The node is stopping. */
		SHUTDOWN,

		/** The node may not hold the job any more. */
		LEASE

	}

	/**
	 * What is known of an attempt when it starts.
	 *
	 * @param id the job's id
	 * @param name its name
	 * @param queue its queue
	 * @param number the number of the attempt
	 * @param enqueuedAt when it was enqueued
	 * @param dueAt when it was due
	 * @param headers its headers
	 * @param tags its tags
	 * @param idempotencyKey the same in every attempt
	 */
	public record Facts(JobId id, String name, String queue, int number, Instant enqueuedAt, Instant dueAt,
			Map<String, String> headers, List<String> tags, String idempotencyKey) {

		public Facts {
			headers = Map.copyOf(headers);
			tags = List.copyOf(tags);
		}

	}

}
