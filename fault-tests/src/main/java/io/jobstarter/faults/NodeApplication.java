package io.jobstarter.faults;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * A node as a process of its own.
 */
@SpringBootApplication
public class NodeApplication {

	/**
	 * Starts the node.
	 * @param args settings, as Spring Boot takes them
	 */
	public static void main(String[] args) {
		SpringApplication.run(NodeApplication.class, args);
	}

}
