package io.jobstarter.faults;

/**
 * A class that nobody uses, but for rows that somebody planted: it says so when it is
 * initialized.
 */
public final class Bait {

	static {
		System.out.println("The bait was taken");
	}

	private Bait() {
	}

}
