package io.jobstarter.store.jdbc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.jobstarter.JobId;
import io.jobstarter.QueueLoad;
import io.jobstarter.ServedQueue;
import io.jobstarter.SettledCounts;
import io.jobstarter.WorkerDeclaration;
import io.jobstarter.WorkerReport;
import org.jspecify.annotations.Nullable;

/**
 * What workers say of themselves, as JSON in their rows. A report is written with each
 * heartbeat, so it is short: what would be zero or empty is left out, and what belongs to
 * one queue is an array. Later releases may append to the arrays and add fields, which
 * this one ignores. What cannot be read is not known.
 */
final class WorkerText {

	private static final JsonMapper JSON = new JsonMapper();

	/** What H2 can hold. Nobody has that many names. */
	private static final int MOST_DECLARED = 1_000_000;

	/**
	 * What the column holds. A report is shorter: this is to cost no worker its lease.
	 */
	private static final int MOST_REPORTED = 8_000;

	private WorkerText() {
	}

	/**
	 * Writes names with a comma before and after each.
	 * @param names the names, which hold no commas
	 * @return the text, or {@code null} if it would be too long
	 */
	static @Nullable String ofNames(Set<String> names) {
		String text = "," + String.join(",", new TreeSet<>(names)) + ",";
		return bounded(text, MOST_DECLARED);
	}

	static @Nullable String of(@Nullable WorkerDeclaration declaration) {
		if (declaration == null) {
			return null;
		}
		List<List<Object>> queues = declaration.queues().stream().map(WorkerText::entry).toList();
		return bounded(
				Values.json(new TreeMap<>(
						Map.of("queues", queues, "strict", declaration.strict(), "slots", declaration.slots()))),
				MOST_DECLARED);
	}

	// Older nodes read the first three.
	private static List<Object> entry(ServedQueue queue) {
		return (queue.reservedSlots() == 0) ? List.of(queue.pattern(), queue.concurrency(), queue.weight()) : List
			.of(queue.pattern(), queue.concurrency(), queue.weight(), queue.reservedSlots(), queue.reservedBelow());
	}

	private static @Nullable String bounded(String text, int max) {
		return (text.length() <= max) ? text : null;
	}

	static @Nullable WorkerDeclaration declaration(@Nullable String json) {
		JsonNode node = read(json);
		if (node == null) {
			return null;
		}
		List<ServedQueue> queues = new ArrayList<>();
		node.path("queues")
			.forEach((queue) -> queues.add(new ServedQueue(queue.path(0).asText(), queue.path(1).asInt(),
					Math.max(1, queue.path(2).asInt()), queue.path(3).asInt(), queue.path(4).asInt())));
		return new WorkerDeclaration(queues, node.path("strict").asBoolean(), node.path("slots").asInt());
	}

	static @Nullable String of(@Nullable WorkerReport report) {
		if (report == null) {
			return null;
		}
		Map<String, Object> json = new TreeMap<>();
		json.put("slots", report.slots());
		json.put("window", report.window().toMillis());
		putUnless(report.slotsUsed() == 0, json, "used", report.slotsUsed());
		putUnless(report.stuck() == 0, json, "stuck", report.stuck());
		putUnless(!report.stopping(), json, "stopping", true);
		putUnless(!report.reserved(), json, "reserved", true);
		putUnless(report.settled().total() == 0, json, "settled", counts(report.settled()));
		putUnless(report.queues().isEmpty(), json, "queues", report.queues().stream().map(WorkerText::load).toList());
		putUnless(report.elastic().isEmpty(), json, "elastic", new TreeMap<>(report.elastic()));
		if (report.others() != null) {
			json.put("others", load(report.others()));
		}
		return bounded(Values.json(json), MOST_REPORTED);
	}

	private static void putUnless(boolean usual, Map<String, Object> json, String name, Object value) {
		if (!usual) {
			json.put(name, value);
		}
	}

	private static List<Object> load(QueueLoad load) {
		return List.of(load.queue(), load.running(), load.ahead(), load.longestFor().toMillis(),
				load.longest().stream().map(JobId::value).toList(), counts(load.settled()));
	}

	private static List<Long> counts(SettledCounts counts) {
		if (counts.total() == 0) {
			return List.of();
		}
		return List.of(counts.succeeded(), counts.retried(), counts.putOff(), counts.discarded(), counts.cancelled(),
				counts.dead());
	}

	static @Nullable WorkerReport report(@Nullable String json) {
		JsonNode node = read(json);
		if (node == null) {
			return null;
		}
		List<QueueLoad> queues = new ArrayList<>();
		node.path("queues").forEach((queue) -> queues.add(load(queue)));
		return new WorkerReport(node.path("slots").asInt(), node.path("used").asInt(), node.path("stuck").asInt(),
				node.path("stopping").asBoolean(), node.path("reserved").asBoolean(), counts(node.path("settled")),
				Duration.ofMillis(node.path("window").asLong()), queues,
				node.has("others") ? load(node.path("others")) : null, elastic(node.path("elastic")));
	}

	private static Map<String, Integer> elastic(JsonNode elastic) {
		Map<String, Integer> slots = new TreeMap<>();
		elastic.fieldNames().forEachRemaining((entry) -> slots.put(entry, elastic.path(entry).asInt()));
		return slots;
	}

	private static QueueLoad load(JsonNode load) {
		List<JobId> longest = new ArrayList<>();
		load.path(4).forEach((id) -> longest.add(new JobId(Math.max(0, id.asLong()))));
		return new QueueLoad(load.path(0).asText(), load.path(1).asInt(), load.path(2).asInt(), longest,
				Duration.ofMillis(load.path(3).asLong()), counts(load.path(5)));
	}

	private static SettledCounts counts(JsonNode counts) {
		return new SettledCounts(counts.path(0).asLong(), counts.path(1).asLong(), counts.path(2).asLong(),
				counts.path(3).asLong(), counts.path(4).asLong(), counts.path(5).asLong());
	}

	private static @Nullable JsonNode read(@Nullable String json) {
		if (json == null) {
			return null;
		}
		try {
			JsonNode node = JSON.readTree(json);
			return node.isObject() ? node : null;
		}
		catch (JsonProcessingException ex) {
			return null;
		}
	}

}
