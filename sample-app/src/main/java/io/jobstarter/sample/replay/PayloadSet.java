package io.jobstarter.sample.replay;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * Payloads, and where they are from.
 *
 * @param origin a description for people
 * @param payloads the payloads
 */
record PayloadSet(String origin, List<Payload> payloads) {

	PayloadSet {
		payloads = List.copyOf(payloads);
	}

	/**
	 * Loads what is there.
	 * @param directory a folder with the unpacked npm package
	 * {@code @octokit/webhooks-examples}, or with files named after their event, such as
	 * {@code issues.opened.json}
	 * @return its payloads, or the sample's own if there are none
	 * @throws IOException if a file cannot be read
	 */
	static PayloadSet load(Path directory) throws IOException {
		Path index = directory.resolve("package/api.github.com/index.json");
		if (Files.isRegularFile(index)) {
			return new PayloadSet(index.toString(), readIndex(Files.readString(index)));
		}
		List<Payload> files = readFiles(directory);
		return files.isEmpty() ? own() : new PayloadSet(directory.toString(), files);
	}

	/**
	 * Loads the payloads that come with the sample.
	 * @return the sample's own payloads
	 * @throws IOException if a file cannot be read
	 */
	static PayloadSet own() throws IOException {
		List<Payload> payloads = new ArrayList<>();
		for (Resource file : new PathMatchingResourcePatternResolver().getResources("classpath:payloads/*.json")) {
			payloads.add(new Payload(event(file.getFilename()), file.getContentAsString(StandardCharsets.UTF_8)));
		}
		return new PayloadSet("the sample's own payloads", payloads);
	}

	private static List<Payload> readIndex(String json) throws IOException {
		List<Payload> payloads = new ArrayList<>();
		for (JsonNode event : new ObjectMapper().readTree(json)) {
			for (JsonNode example : event.required("examples")) {
				payloads.add(new Payload(event.required("name").asText(), example.toString()));
			}
		}
		return payloads;
	}

	private static List<Payload> readFiles(Path directory) throws IOException {
		List<Payload> payloads = new ArrayList<>();
		if (Files.isDirectory(directory)) {
			try (Stream<Path> files = Files.list(directory)) {
				for (Path file : files.filter((path) -> path.toString().endsWith(".json")).sorted().toList()) {
					payloads.add(new Payload(event(file.getFileName().toString()), Files.readString(file)));
				}
			}
		}
		return payloads;
	}

	private static String event(String filename) {
		return filename.substring(0, filename.indexOf('.'));
	}

}
