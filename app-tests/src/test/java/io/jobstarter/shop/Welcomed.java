package io.jobstarter.shop;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.springframework.stereotype.Component;

/**
 * Who was welcomed.
 */
@Component
public class Welcomed {

	private final List<String> names = new CopyOnWriteArrayList<>();

	void add(String name) {
		this.names.add(name);
	}

	/**
	 * Whom the handler has welcomed.
	 * @return their names, in order
	 */
	public List<String> names() {
		return this.names;
	}

}
