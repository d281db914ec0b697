package io.jobstarter.store.jdbc;

import java.util.Arrays;
import java.util.Locale;

/**
 * Reads words of columns. A row is data: what it says may be of a later release, or of
 * nobody, and must not keep the rows beside it from being read.
 */
final class Words {

	private Words() {
	}

	/**
	 * Reads a word.
	 * @param <E> what it can mean
	 * @param otherwise what one that is not known here stands for
	 * @param word the word, in either case
	 * @return what it means
	 */
	static <E extends Enum<E>> E read(E otherwise, String word) {
		String name = word.toUpperCase(Locale.ROOT);
		return Arrays.stream(otherwise.getDeclaringClass().getEnumConstants())
			.filter((constant) -> constant.name().equals(name))
			.findFirst()
			.orElse(otherwise);
	}

}
