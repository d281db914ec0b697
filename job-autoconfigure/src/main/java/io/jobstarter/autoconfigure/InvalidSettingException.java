package io.jobstarter.autoconfigure;

import io.jobstarter.support.CleanText;

/**
 * A key of the configuration has a value that cannot work.
 */
public class InvalidSettingException extends StartFailure {

	private static final int MAX_LENGTH = 1000;

	private final String key;

	private final String remedy;

	InvalidSettingException(String key, Object value, String range, String remedy) {
		super(CleanText.printable(key + " is " + value + ", but " + range, MAX_LENGTH));
		this.key = key;
		this.remedy = remedy;
	}

	/**
	 * The key concerned.
	 * @return the full name of the key
	 */
	public String key() {
		return this.key;
	}

	@Override
	public String remedy() {
		return this.remedy;
	}

}
