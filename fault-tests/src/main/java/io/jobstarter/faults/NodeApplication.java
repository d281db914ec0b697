package io.jobstarter.faults;

import java.io.IOException;
import java.io.OutputStream;

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
		Thread watch = new Thread(NodeApplication::endWithInput, "input-watch");
		watch.setDaemon(true);
		watch.start();
		SpringApplication.run(NodeApplication.class, args);
	}

	private static void endWithInput() {
		try {
			System.in.transferTo(OutputStream.nullOutputStream());
		}
		catch (IOException ex) {
			// The input is gone as well.
		}
		Runtime.getRuntime().halt(1);
	}

}
