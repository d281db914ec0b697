package io.jobstarter.worker;

import java.net.InetAddress;
import java.net.UnknownHostException;

import io.jobstarter.support.CleanText;

/**
 * What this node calls itself, for people: nothing depends on it.
 */
final class NodeName {

	private static final String HOST = find();

	private NodeName() {
	}

	static String host() {
		return HOST;
	}

	private static String find() {
		try {
			return CleanText.printable(InetAddress.getLocalHost().getHostName(), 200);
		}
		catch (UnknownHostException ex) {
			return "unknown";
		}
	}

}
