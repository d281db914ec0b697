package io.jobstarter.handler;

import java.time.Duration;
import java.util.List;
import java.util.Set;

import io.jobstarter.DiscardOn;
import io.jobstarter.InvalidJobException;
import io.jobstarter.LimitKey;
import io.jobstarter.Recurring;
import io.jobstarter.RetryOn;
import io.jobstarter.Uniqueness;
import org.jspecify.annotations.Nullable;

/**
 * A handler with its settings resolved.
 *
 * @param name the name of its jobs
 * @param aliases their former names
 * @param source where it is declared, for messages
 * @param payloadType what it takes, or {@code null} for nothing
 * @param queue the queue of its jobs, or how to choose it by the payload
 * @param priority their priority
 * @param timeout how long an attempt may take, or {@code null} for as long as it likes
 * @param transactional whether an attempt is one transaction
 * @param deadLetter whether dead jobs are kept
 * @param retryOn its retry rules
 * @param discardOn its discard rules
 * @param policies its named policies
 * @param invoker calls it
 * @param recurring when it is enqueued again and again, as its annotations say
 * @param rules when, how many at once and in which order its jobs run
 */
public record JobDefinition(String name, Set<String> aliases, String source, @Nullable Class<?> payloadType,
		JobQueue queue, int priority, @Nullable Duration timeout, boolean transactional, boolean deadLetter,
		List<RetryOn> retryOn, List<DiscardOn> discardOn, JobPolicies policies, JobInvoker invoker,
		List<Recurring> recurring, JobRules rules) {

	/**
	 * Makes the definition of a job that no annotation enqueues.
	 * @param queue the queue, or how to choose it
	 */
	public JobDefinition(String name, Set<String> aliases, String source, @Nullable Class<?> payloadType,
			JobQueue queue, int priority, @Nullable Duration timeout, boolean transactional, boolean deadLetter,
			List<RetryOn> retryOn, List<DiscardOn> discardOn, JobPolicies policies, JobInvoker invoker) {
		this(name, aliases, source, payloadType, queue, priority, timeout, transactional, deadLetter, retryOn,
				discardOn, policies, invoker, List.of(), JobRules.NONE);
	}

	/**
	 * Makes the definition of a job whose queue is given as text, without named policies.
	 * @param queue a name, or text with expressions over the payload
	 */
	public JobDefinition(String name, Set<String> aliases, String source, @Nullable Class<?> payloadType, String queue,
			int priority, @Nullable Duration timeout, boolean transactional, boolean deadLetter, List<RetryOn> retryOn,
			List<DiscardOn> discardOn, JobInvoker invoker) {
		this(name, aliases, source, payloadType, JobQueue.of(queue), priority, timeout, transactional, deadLetter,
				retryOn, discardOn, JobPolicies.NONE, invoker);
	}

	/**
	 * Makes the same definition with other rules.
	 * @param rules the rules
	 * @return the definition with them
	 */
	public JobDefinition withRules(JobRules rules) {
		return new JobDefinition(this.name, this.aliases, this.source, this.payloadType, this.queue, this.priority,
				this.timeout, this.transactional, this.deadLetter, this.retryOn, this.discardOn, this.policies,
				this.invoker, this.recurring, rules);
	}

	/**
	 * Chooses the queue of one job.
	 * @param payload its payload, or {@code null} if it has none
	 * @return the queue's name
	 * @throws InvalidJobException if the payload leads to none; the message names the job
	 * and the expression, and shows nothing of the payload
	 */
	public String queueFor(@Nullable Object payload) {
		try {
			return this.queue.nameFor(payload);
		}
		catch (InvalidJobException ex) {
			throw new InvalidJobException("This " + this.name + " has no queue: " + ex.getMessage(), ex.getCause());
		}
	}

	/**
	 * Says which share of its queue one job belongs to.
	 * @param payload its payload, or {@code null} if it has none
	 * @return the share, 1 to 64, or 0 if its jobs share it with nobody
	 * @throws InvalidJobException if the payload leads to none; the message names the job
	 * and the expression, and shows nothing of the payload
	 */
	public int shareFor(@Nullable Object payload) {
		FairBy fairBy = this.rules.fairBy();
		try {
			return (fairBy != null) ? fairBy.shareFor(payload) : 0;
		}
		catch (InvalidJobException ex) {
			throw new InvalidJobException("This " + this.name + " has no key to share its queue by: " + ex.getMessage(),
					ex.getCause());
		}
	}

	/**
	 * Says which keys one job needs.
	 * @param payload its payload, or {@code null} if it has none
	 * @return the keys
	 * @throws InvalidJobException if the payload leads to none; the message names the job
	 * and the expression, and shows nothing of the payload
	 */
	public List<LimitKey> keysFor(@Nullable Object payload) {
		try {
			return this.rules.keysOf(payload);
		}
		catch (InvalidJobException ex) {
			throw new InvalidJobException("This " + this.name + " has no key for its limits: " + ex.getMessage(),
					ex.getCause());
		}
	}

	/**
	 * Says how one job is unique.
	 * @param payload its payload, or {@code null} if it has none
	 * @return how, or {@code null} if it is not
	 * @throws InvalidJobException if the payload leads to no key; the message names the
	 * job and the expression, and shows nothing of the payload
	 */
	public @Nullable Uniqueness uniquenessFor(@Nullable Object payload) {
		try {
			return this.rules.uniquenessOf(payload);
		}
		catch (InvalidJobException ex) {
			throw new InvalidJobException("This " + this.name + " has no unique key: " + ex.getMessage(),
					ex.getCause());
		}
	}

}
