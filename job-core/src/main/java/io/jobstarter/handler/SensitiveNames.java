package io.jobstarter.handler;

import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Names of properties and headers whose values nobody is to see. A name is sensitive if
 * one of these stands in it, however both are written: {@code api-key} is found in
 * {@code X-API-Key} and in {@code stripeApiKeys}.
 */
final class SensitiveNames {

	/**
	 * What is masked in any case. A bare {@code key} is not: most of those tell jobs
	 * apart.
	 */
	private static final List<String> ALWAYS = List.of("password", "passwd", "pwd", "passphrase", "passcode", "secret",
			"token", "credential", "authorization", "cookie", "api-key", "access-key", "private-key", "signing-key",
			"encryption-key", "bearer", "jwt", "cvv", "cvc", "card-number");

	private final List<String> parts;

	SensitiveNames(Collection<String> more) {
		this.parts = Stream.concat(ALWAYS.stream(), more.stream())
			.map(SensitiveNames::bare)
			.filter((part) -> !part.isEmpty())
			.distinct()
			.toList();
	}

	boolean match(String name) {
		String bare = bare(name);
		return this.parts.stream().anyMatch(bare::contains);
	}

	private static String bare(String name) {
		// Decomposed: full-width letters and those with marks count as the plain ones.
		String plain = Normalizer.normalize(name, Form.NFKD).toLowerCase(Locale.ROOT);
		StringBuilder bare = new StringBuilder(plain.length());
		plain.codePoints().filter(Character::isLetterOrDigit).forEach(bare::appendCodePoint);
		return bare.toString();
	}

}
