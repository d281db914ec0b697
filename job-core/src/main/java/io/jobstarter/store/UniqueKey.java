package io.jobstarter.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

import io.jobstarter.UniqueUntil;

/**
 * A unique key as it is stored.
 *
 * @param hash the SHA-256 of the job's name and the key, in lower-case hex
 * @param until what frees it
 */
public record UniqueKey(String hash, UniqueUntil until) {

	/**
	 * Makes the key of a job.
	 * @param name the job's name, which scopes the key
	 * @param key what the caller gave
	 * @param until what frees it
	 * @return the key
	 */
	public static UniqueKey of(String name, String key, UniqueUntil until) {
		try {
			MessageDigest digest = MessageDigest.getInstance("SHA-256");
			digest.update(name.getBytes(StandardCharsets.UTF_8));
			digest.update((byte) 0);
			digest.update(key.getBytes(StandardCharsets.UTF_8));
			return new UniqueKey(HexFormat.of().formatHex(digest.digest()), until);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

}
