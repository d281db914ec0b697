package io.jobstarter.testdatabases;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * MariaDB as a member of a Galera cluster.
 *
 * @param mariaDb the server
 * @param library what replicates
 * @param members the ports on which the members talk to each other
 * @param number which of them this is
 * @param transferPort the port on which this one takes what it has missed
 */
record GaleraProgram(MariaDbProgram mariaDb, Path library, List<Integer> members, int number,
		int transferPort) implements ServerProgram {

	private static final List<Path> DIRECTORIES = List.of(Path.of("/usr/lib/galera"), Path.of("/usr/lib64/galera-4"),
			Path.of("/usr/lib64/galera"));

	private static final String LIBRARY = "libgalera_smm.so";

	private static final Pattern RECOVERED = Pattern.compile("Recovered position: ?([-0-9a-f]+:-?\\d+)");

	private static final String UNKNOWN = "seqno:   -1";

	// What is not heard of is taken for dead after two seconds instead of five.
	private static final String OPTIONS = "gmcast.listen_addr=tcp://127.0.0.1:%d;ist.recv_addr=127.0.0.1:%d;"
			+ "gcache.size=32M;evs.keepalive_period=PT0.5S;evs.inactive_check_period=PT0.5S;evs.suspect_timeout=PT2S;evs.inactive_timeout=PT4S";

	static boolean isInstalled() {
		return InstalledServers.have(GaleraCluster.NAME, "rsync") && findLibrary().isPresent();
	}

	private static Optional<Path> findLibrary() {
		return DIRECTORIES.stream()
			.map((directory) -> directory.resolve(LIBRARY))
			.filter(Files::isRegularFile)
			.findFirst();
	}

	/**
	 * Makes the members of a cluster. The first founds it, the others get its data from
	 * it when they start.
	 * @param mariaDb the server
	 * @param count how many
	 * @return the members
	 */
	static List<GaleraProgram> members(MariaDbProgram mariaDb, int count) {
		Path library = findLibrary().orElseThrow(() -> new IllegalStateException("Galera is not installed"));
		List<Integer> ports = IntStream.generate(Ports::pickFree).distinct().limit(2L * count).boxed().toList();
		return IntStream.range(0, count)
			.mapToObj((i) -> new GaleraProgram(mariaDb, library, ports.subList(0, count), i, ports.get(count + i)))
			.toList();
	}

	@Override
	public String name() {
		return "Galera";
	}

	private static Path state(ServerDirectory directory) {
		return directory.data().resolve("grastate.dat");
	}

	@Override
	public ProcessBuilder serve(ServerDirectory directory, int port) {
		ProcessBuilder process = this.mariaDb.serve(directory, port);
		List<String> command = new ArrayList<>(process.command());
		if (isNew(directory)) {
			command.add("--wsrep-new-cluster");
		}
		else {
			recovered(directory).ifPresent((position) -> command.add("--wsrep-start-position=" + position));
		}
		command.addAll(List.of("--wsrep-on=ON", "--wsrep-provider=" + this.library,
				"--wsrep-cluster-address=gcomm://" + addresses(),
				"--wsrep-node-address=127.0.0.1:" + this.members.get(this.number), "--wsrep-sst-method=rsync",
				"--wsrep-node-name=member-" + this.number, "--binlog-format=ROW", "--innodb-autoinc-lock-mode=2",
				"--wsrep-provider-options=" + OPTIONS.formatted(this.members.get(this.number), this.transferPort)));
		return process.command(command);
	}

	private String addresses() {
		return this.members.stream().map((port) -> "127.0.0.1:" + port).collect(Collectors.joining(","));
	}

	// The first member founds the cluster, once.
	private boolean isNew(ServerDirectory directory) {
		return this.number == 0 && Files.notExists(state(directory));
	}

	/**
	 * Finds out how far a member had come that was killed, which it has not noted. It
	 * would take over all data of another one else, who would stand still meanwhile.
	 */
	private Optional<String> recovered(ServerDirectory directory) {
		try {
			if (Files.notExists(state(directory)) || !Files.readString(state(directory)).contains(UNKNOWN)) {
				return Optional.empty();
			}
			ProcessBuilder process = this.mariaDb.serve(directory, 0);
			List<String> command = new ArrayList<>(process.command());
			command.addAll(List.of("--wsrep-recover", "--skip-networking"));
			Path log = directory.root().resolve("recover.log");
			Processes.run(process.command(command), Redirect.to(log.toFile()));
			Matcher position = RECOVERED.matcher(Files.readString(log));
			return position.find() ? Optional.of(position.group(1)) : Optional.empty();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public boolean isReady(ServerDirectory directory, long pid, int port) {
		return this.mariaDb.isReady(directory, pid, port);
	}

	@Override
	public String stopSignal() {
		return this.mariaDb.stopSignal();
	}

}
