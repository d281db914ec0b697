package io.jobstarter.support;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/**
 * Finds what somebody may have meant who misspelled a name.
 */
public final class NearestName {

	private NearestName() {
	}

	/**
	 * Finds the name that is most like another.
	 * @param name what was written
	 * @param known what could have been meant
	 * @return the nearest, or empty if none is near: a third of the letters may differ
	 */
	public static Optional<String> of(String name, Collection<String> known) {
		int tolerance = Math.max(1, name.length() / 3);
		return known.stream()
			.filter((candidate) -> distance(name, candidate) <= tolerance)
			.min(Comparator.<String>comparingInt((candidate) -> distance(name, candidate))
				.thenComparing(Comparator.naturalOrder()));
	}

	/**
	 * Counts the letters that are to be added, left out or replaced, and the neighbours
	 * to be swapped: the restricted Damerau-Levenshtein distance.
	 */
	private static int distance(String from, String to) {
		int[][] edits = new int[from.length() + 1][to.length() + 1];
		for (int i = 0; i <= from.length(); i++) {
			for (int j = 0; j <= to.length(); j++) {
				edits[i][j] = (i == 0 || j == 0) ? i + j : fewest(edits, from, to, i, j);
			}
		}
		return edits[from.length()][to.length()];
	}

	private static int fewest(int[][] edits, String from, String to, int i, int j) {
		int replaced = edits[i - 1][j - 1] + ((from.charAt(i - 1) == to.charAt(j - 1)) ? 0 : 1);
		int fewest = Math.min(replaced, 1 + Math.min(edits[i - 1][j], edits[i][j - 1]));
		boolean swapped = i > 1 && j > 1 && from.charAt(i - 1) == to.charAt(j - 2)
				&& from.charAt(i - 2) == to.charAt(j - 1);
		return swapped ? Math.min(fewest, edits[i - 2][j - 2] + 1) : fewest;
	}

}
