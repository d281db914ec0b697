package io.jobstarter.faults.life;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Visits every state that can be reached, the nearest first, and then asks of each
 * whether the end can be reached from it.
 *
 * @param <S> the states
 */
final class Explorer<S> {

	private static final int MOST = 300_000;

	private final Rules<S> rules;

	private final Map<S, Integer> numbers = new HashMap<>();

	private final List<S> states = new ArrayList<>();

	private final List<String> actions = new ArrayList<>();

	private int[] parents = new int[1024];

	private final List<int[]> edges = new ArrayList<>();

	private Explorer(Rules<S> rules) {
		this.rules = rules;
	}

	/**
	 * Explores a model.
	 * @param <S> its states
	 * @param rules its rules
	 * @return what was found
	 */
	static <S> Found explore(Rules<S> rules) {
		return new Explorer<>(rules).explore();
	}

	private Found explore() {
		add(this.rules.first(), "the beginning", 0);
		for (int number = 0; number < this.states.size(); number++) {
			List<Step<S>> steps = this.rules.steps(this.states.get(number));
			int[] next = new int[steps.size()];
			for (int i = 0; i < next.length; i++) {
				Step<S> step = steps.get(i);
				next[i] = add(step.state(), step.action(), number);
				if (step.broken() != null) {
					return new Found(this.states.size(),
							step.broken() + "\n" + trace(number) + step.action() + "\n  " + step.state());
				}
			}
			this.edges.add(next);
		}
		int stuck = stuck();
		return new Found(this.states.size(), (stuck < 0) ? null : "no way leads to the end any more\n" + trace(stuck));
	}

	private int add(S state, String action, int parent) {
		Integer known = this.numbers.putIfAbsent(state, this.states.size());
		if (known != null) {
			return known;
		}
		int number = this.states.size();
		if (number >= MOST) {
			throw new IllegalStateException("More than " + MOST + " states");
		}
		if (number >= this.parents.length) {
			this.parents = Arrays.copyOf(this.parents, number * 2);
		}
		this.parents[number] = parent;
		this.states.add(state);
		this.actions.add(action);
		return number;
	}

	// From the ends backwards: what is not met cannot reach one.
	private int stuck() {
		List<List<Integer>> back = new ArrayList<>();
		this.states.forEach((state) -> back.add(new ArrayList<>(4)));
		for (int from = 0; from < this.edges.size(); from++) {
			for (int to : this.edges.get(from)) {
				back.get(to).add(from);
			}
		}
		BitSet met = new BitSet(this.states.size());
		Deque<Integer> next = new ArrayDeque<>();
		for (int i = 0; i < this.states.size(); i++) {
			if (this.rules.isEnd(this.states.get(i))) {
				met.set(i);
				next.add(i);
			}
		}
		while (!next.isEmpty()) {
			for (int from : back.get(next.remove())) {
				if (!met.get(from)) {
					met.set(from);
					next.add(from);
				}
			}
		}
		int stuck = met.nextClearBit(0);
		return (stuck < this.states.size()) ? stuck : -1;
	}

	private String trace(int number) {
		Deque<String> steps = new ArrayDeque<>();
		for (int at = number; at > 0; at = this.parents[at]) {
			steps.push(this.actions.get(at) + "\n  " + this.states.get(at) + "\n");
		}
		return String.join("", steps);
	}

	/**
	 * What a model says.
	 *
	 * @param <S> its states
	 */
	interface Rules<S> {

		S first();

		List<Step<S>> steps(S state);

		boolean isEnd(S state);

	}

	/**
	 * A step from one state to another.
	 *
	 * @param <S> the states
	 * @param action what happens
	 * @param state the state then
	 * @param broken what must not be so then, or {@code null}
	 */
	record Step<S>(String action, S state, @Nullable String broken) {
	}

	/**
	 * What was found.
	 *
	 * @param states how many states there are, as far as was looked
	 * @param broken what is wrong and how it comes to that, or {@code null}
	 */
	record Found(int states, @Nullable String broken) {
	}

}
