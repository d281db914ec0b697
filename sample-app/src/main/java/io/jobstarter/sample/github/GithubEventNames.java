package io.jobstarter.sample.github;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Collectors;

import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Component;

/**
 * The names of the events that GitHub has, from {@code github-events.txt}.
 */
@Component
public class GithubEventNames {

	private final Set<String> names = load();

	/**
	 * Whether GitHub has such an event.
	 * @param name the value of the header {@code X-GitHub-Event}
	 * @return whether it is in the list
	 */
	public boolean contains(String name) {
		return this.names.contains(name);
	}

	private static Set<String> load() {
		try {
			return new ClassPathResource("github-events.txt").getContentAsString(StandardCharsets.UTF_8)
				.lines()
				.filter((line) -> !line.isBlank() && !line.startsWith("#"))
				.collect(Collectors.toUnmodifiableSet());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
