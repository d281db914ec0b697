package io.jobstarter.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.jobstarter.UniqueConflict;
import io.jobstarter.UniqueUntil;
import io.jobstarter.Uniqueness;
import org.jspecify.annotations.Nullable;

/**
 * A unique key as it is stored, and what becomes of an enqueue that meets it.
 *
 * @param hash the SHA-256 of the job's name and the key, in lower-case hex
 * @param until what frees it
 * @param ttl how long it is held, if until it has expired
 * @param onConflict what becomes of an enqueue that meets it
 * @param maxDelay how long after it was enqueued a job may be put off, or {@code null}
 * for as long as one likes
 */
public record UniqueKey(String hash, UniqueUntil until, @Nullable Duration ttl, UniqueConflict onConflict,
		@Nullable Duration maxDelay) {

	/**
	 * The header in which a job remembers its key, so that a redrive can ask for it
	 * again.
	 */
	public static final String HEADER = "background-jobs-unique";

	private static final Pattern REMEMBERED = Pattern.compile("(STARTED|FINISHED|EXPIRED) ([0-9a-f]{64})(?: (\\S+))?");

	/**
	 * Makes the key of a job that stays as it is when others meet its key.
	 * @param name the job's name, which scopes the key
	 * @param key what the caller gave
	 * @param until what frees it, before it expires
	 * @return the key
	 */
	public static UniqueKey of(String name, String key, UniqueUntil until) {
		return of(name, key, Uniqueness.of(key).until(until), null);
	}

	/**
	 * Makes the key of a job.
	 * @param name the job's name, which scopes the key
	 * @param key what makes jobs of that name the same
	 * @param uniqueness how it is unique
	 * @param maxDelay how long after it was enqueued the job may be put off, or
	 * {@code null} for as long as one likes
	 * @return the key
	 */
	public static UniqueKey of(String name, String key, Uniqueness uniqueness, @Nullable Duration maxDelay) {
		return new UniqueKey(hash(name, key), uniqueness.until(), uniqueness.ttl(), uniqueness.onConflict(), maxDelay);
	}

	private static String hash(String name, String key) {
		try {
			MessageDigest digest = MessageDigest.getInstance("SHA-256");
			digest.update(name.getBytes(StandardCharsets.UTF_8));
			digest.update((byte) 0);
			digest.update(key.getBytes(StandardCharsets.UTF_8));
			return HexFormat.of().formatHex(digest.digest());
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

	/**
	 * Tells the key to whoever redrives the job one day.
	 * @return the value of {@link #HEADER}
	 */
	public String remembered() {
		return this.until + " " + this.hash + ((this.ttl != null) ? " " + this.ttl : "");
	}

	/**
	 * Reads what a job remembers of its key. A redrive that meets the key joins the job
	 * that holds it, whatever an enqueue would have done.
	 * @param headers the job's headers
	 * @return the key, or {@code null} if it had none
	 */
	public static @Nullable UniqueKey of(Map<String, String> headers) {
		String header = headers.get(HEADER);
		Matcher matcher = (header != null) ? REMEMBERED.matcher(header) : null;
		if (matcher == null || !matcher.matches()) {
			return null;
		}
		UniqueUntil until = UniqueUntil.valueOf(matcher.group(1));
		try {
			Duration ttl = (until == UniqueUntil.EXPIRED) ? Duration.parse(String.valueOf(matcher.group(3))) : null;
			return new UniqueKey(matcher.group(2), until, ttl, UniqueConflict.KEEP_EXISTING, null);
		}
		catch (DateTimeException ex) {
			// A header can also be set by whoever enqueues a job.
			return null;
		}
	}

	/**
	 * Leaves the job that holds the key as it is.
	 * @return the same key, met by an enqueue that keeps what there is
	 */
	public UniqueKey keepingExisting() {
		return new UniqueKey(this.hash, this.until, this.ttl, UniqueConflict.KEEP_EXISTING, null);
	}

	/**
	 * Tells whether an enqueue that meets the key changes the job that holds it.
	 * @return whether it does, if that job waits
	 */
	public boolean changesHolder() {
		return this.onConflict == UniqueConflict.REPLACE || this.onConflict == UniqueConflict.RESCHEDULE;
	}

	/**
	 * Tells whether one statement does whatever becomes of an enqueue: the job is added,
	 * or that which holds the key stays as it is.
	 * @return whether no more is to be done
	 */
	public boolean isSimple() {
		return this.onConflict == UniqueConflict.KEEP_EXISTING && this.until != UniqueUntil.EXPIRED;
	}

	/**
	 * How long the key is held.
	 * @return the time, of a key that is held until it has expired
	 */
	public Duration requiredTtl() {
		return Objects.requireNonNull(this.ttl);
	}

}
