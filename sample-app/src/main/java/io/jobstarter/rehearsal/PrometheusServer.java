package io.jobstarter.rehearsal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * A Prometheus that scrapes one application on this machine. Needs {@code prometheus} to
 * be installed. It and its data are gone after {@link #close()}, and at the latest when
 * this JVM has ended, however it ended.
 */
final class PrometheusServer implements AutoCloseable {

	/** The name of the scraped application, which is the label {@code job}. */
	static final String JOB = "sample";

	private static final ObjectMapper JSON = new ObjectMapper();

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(50);

	// Ends when nobody holds the other end of its input any more.
	private static final String SHELL = """
			directory=$1; shift
			"$@" >"$directory/log" 2>&1 &
			pid=$!
			cat >/dev/null
			kill "$pid"; wait "$pid"
			rm -rf "$directory"
			""";

	private final HttpClient http = HttpClient.newHttpClient();

	private final Path directory;

	private final Process process;

	private final int port;

	private PrometheusServer(Path program, Path parent, String configuration, String rules) throws IOException {
		this.directory = Files.createTempDirectory(Files.createDirectories(parent), "prometheus-").toAbsolutePath();
		this.port = freePort();
		Files.writeString(this.directory.resolve("prometheus.yml"), configuration);
		Files.writeString(this.directory.resolve("rules.yml"), rules);
		List<String> command = List.of("sh", "-c", SHELL, "prometheus", this.directory.toString(), program.toString(),
				"--config.file=" + this.directory.resolve("prometheus.yml"),
				"--storage.tsdb.path=" + this.directory.resolve("data"), "--web.listen-address=127.0.0.1:" + this.port,
				"--log.level=warn");
		this.process = new ProcessBuilder(command).start();
		try {
			awaitReady();
		}
		catch (RuntimeException ex) {
			close();
			throw ex;
		}
	}

	/**
	 * Starts a server.
	 * @param program the program
	 * @param parent below what directory it keeps its data
	 * @param port the port of the application
	 * @param interval how often it is scraped and rules are evaluated
	 * @param rules the rules
	 * @return the server, which answers
	 */
	static PrometheusServer start(Path program, Path parent, int port, Duration interval, String rules) {
		String configuration = """
				global:
				  scrape_interval: %1$dms
				  evaluation_interval: %1$dms
				rule_files:
				  - rules.yml
				scrape_configs:
				  - job_name: %2$s
				    metrics_path: /actuator/prometheus
				    static_configs:
				      - targets: ["localhost:%3$d"]
				""".formatted(interval.toMillis(), JOB, port);
		try {
			return new PrometheusServer(program, parent, configuration, rules);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Prometheus cannot be started", ex);
		}
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	private void awaitReady() {
		long end = System.nanoTime() + PATIENCE.toNanos();
		while (!isReady()) {
			if (System.nanoTime() > end) {
				throw new IllegalStateException("Prometheus does not answer. " + log());
			}
			LockSupport.parkNanos(LOOK);
		}
	}

	private boolean isReady() {
		try {
			return send("/-/ready").statusCode() == 200;
		}
		catch (UncheckedIOException ex) {
			return false;
		}
	}

	private String log() {
		try {
			return Files.readString(this.directory.resolve("log"));
		}
		catch (IOException ex) {
			return "";
		}
	}

	/**
	 * Evaluates an expression.
	 * @param expression the expression
	 * @return its result: one entry for each series
	 * @throws IllegalArgumentException if it cannot be evaluated
	 */
	List<JsonNode> query(String expression) {
		JsonNode answer = get("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
		return list(answer.path("data").path("result"));
	}

	/**
	 * Lists the rules.
	 * @return each as the server tells of it
	 */
	List<JsonNode> rules() {
		List<JsonNode> rules = new ArrayList<>();
		get("/api/v1/rules").path("data").path("groups").forEach((group) -> group.path("rules").forEach(rules::add));
		return rules;
	}

	/**
	 * Lists the alerts that fire.
	 * @return their names
	 */
	Set<String> firing() {
		Set<String> firing = new TreeSet<>();
		for (JsonNode alert : get("/api/v1/alerts").path("data").path("alerts")) {
			if (alert.path("state").asText().equals("firing")) {
				firing.add(alert.path("labels").path("alertname").asText());
			}
		}
		return firing;
	}

	private JsonNode get(String path) {
		HttpResponse<String> response = send(path);
		try {
			JsonNode answer = JSON.readTree(response.body());
			if (!answer.path("status").asText().equals("success")) {
				throw new IllegalArgumentException(answer.path("error").asText(response.body()));
			}
			return answer;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private HttpResponse<String> send(String path) {
		try {
			return this.http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.port + path)).build(),
					BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private static List<JsonNode> list(JsonNode array) {
		List<JsonNode> list = new ArrayList<>();
		array.forEach(list::add);
		return list;
	}

	@Override
	public void close() {
		try {
			this.process.getOutputStream().close();
			if (!this.process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
				this.process.descendants().forEach(ProcessHandle::destroyForcibly);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
