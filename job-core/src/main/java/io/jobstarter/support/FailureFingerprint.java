package io.jobstarter.support;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import io.jobstarter.DeadReason;
import io.jobstarter.JobFailure;

/**
 * Tells kinds of failures apart: the classes of an exception and of its root cause, and
 * the places nearest to where that was thrown. Made of the stored text, so that what was
 * recorded long ago gets the same. Not in it is what differs from run to run or changes
 * with an unrelated release: messages, line numbers, the frames of the JDK, of proxies
 * and of other generated code, and the numbers that compilers and class loaders give.
 */
public final class FailureFingerprint {

	private static final int PLACES = 5;

	private static final int HEX_DIGITS = 16;

	private static final String FRAME = "\tat ";

	private static final String CAUSE = "Caused by: ";

	private static final List<String> PLATFORM = List.of("java.", "javax.", "jdk.", "sun.", "com.sun.");

	private static final Pattern GENERATED = Pattern
		.compile("\\$Proxy\\d|\\$\\$(?:SpringCGLIB|EnhancerBySpringCGLIB|FastClassBySpringCGLIB|Lambda|HibernateProxy)"
				+ "|\\$\\$FastClass|\\$MockitoMock\\$|LambdaForm|\\$ByteBuddy\\$|_\\$\\$_jvst|GeneratedMethodAccessor"
				+ "|GeneratedConstructorAccessor");

	// Of lambdas and anonymous classes, of hidden classes and of objects.
	private static final Pattern NUMBER = Pattern.compile("(?<=\\$)\\d+|[/@](?:0x)?[0-9a-f]{4,}|0x[0-9a-f]+");

	private FailureFingerprint() {
	}

	/**
	 * Tells the kind of a failure.
	 * @param reason why the job died; a crash and an unreadable payload are kinds of
	 * their own, whatever the failure says
	 * @param failure what went wrong
	 * @return 16 hexadecimal digits, {@code crash} or {@code unreadable}
	 */
	public static String of(DeadReason reason, JobFailure failure) {
		return (reason == DeadReason.EXHAUSTED) ? of(failure) : reason.name().toLowerCase(Locale.ROOT);
	}

	private static String of(JobFailure failure) {
		List<Link> chain = chain(failure.stackTrace());
		List<String> marks = new ArrayList<>();
		marks.add(normal(failure.errorClass()));
		if (!chain.isEmpty()) {
			marks.add(normal(chain.get(chain.size() - 1).type()));
		}
		marks.addAll(places(chain));
		return Sha256.hex(String.join("\n", marks)).substring(0, HEX_DIGITS);
	}

	// From the root cause outwards.
	private static List<String> places(List<Link> chain) {
		List<Link> inside = new ArrayList<>(chain);
		Collections.reverse(inside);
		return inside.stream()
			.flatMap((link) -> link.frames().stream())
			.filter((frame) -> !GENERATED.matcher(frame).find())
			.map(FailureFingerprint::place)
			.filter((place) -> PLATFORM.stream().noneMatch(place::startsWith))
			.distinct()
			.limit(PLACES)
			.toList();
	}

	private static List<Link> chain(String stackTrace) {
		List<Link> chain = new ArrayList<>();
		for (String line : stackTrace.split("\n")) {
			if (line.startsWith(FRAME)) {
				if (!chain.isEmpty()) {
					chain.get(chain.size() - 1).frames().add(line.substring(FRAME.length()));
				}
			}
			else if (chain.isEmpty()) {
				chain.add(new Link(type(line), new ArrayList<>()));
			}
			else if (line.startsWith(CAUSE)) {
				chain.add(new Link(type(line.substring(CAUSE.length())), new ArrayList<>()));
			}
		}
		return chain;
	}

	private static String type(String line) {
		int end = line.indexOf(": ");
		return (end >= 0) ? line.substring(0, end) : line;
	}

	// "app//a.B.run(B.java:7)" is a.B.run.
	private static String place(String frame) {
		int arguments = frame.indexOf('(');
		String place = (arguments >= 0) ? frame.substring(0, arguments) : frame;
		return normal(place.substring(place.lastIndexOf('/') + 1));
	}

	private static String normal(String name) {
		return NUMBER.matcher(name).replaceAll("");
	}

	/**
	 * An exception of a chain of causes.
	 *
	 * @param type its class
	 * @param frames where it was thrown, the innermost first
	 */
	private record Link(String type, List<String> frames) {
	}

}
