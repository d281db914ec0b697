package io.jobstarter.autoconfigure;

/**
 * A key of the configuration has a value that cannot work.
 */
public class InvalidSettingException extends StartFailure {

	private final String key;

	private final String remedy;

	InvalidSettingException(String key, Object value, String range, String remedy) {
		super(key + " is " + value + ", but " + range);
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
