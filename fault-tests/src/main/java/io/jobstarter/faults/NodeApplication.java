package io.jobstarter.faults;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * A node as a process of its own.
 */
@SpringBootApplication
public class NodeApplication {

	/**
	 * Starts the node. It ends with its input: when the process that started it is gone,
	 * however that ended.
	 * @param args settings, as Spring Boot takes them
	 */
	public static void main(String[] args) {
		NodeConsole.open();
		SpringApplication.run(NodeApplication.class, args);
	}

}
