package io.jobstarter.faults.fleet;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * A network on the loopback interface that can be broken: what connects to it reaches a
 * server, until it is told otherwise. All methods take effect at once, also on what is
 * connected already; what a blackhole has swallowed never arrives.
 * <p>
 * After the faults that Toxiproxy (github.com/Shopify/toxiproxy) calls toxics.
 */
public final class TcpProxy implements AutoCloseable {

	private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

	private static final int CHUNK = 16 * 1024;

	private static final long LOOK = Duration.ofMillis(20).toNanos();

	private final ServerSocket listener;

	private final ExecutorService threads = Executors.newCachedThreadPool((task) -> {
		Thread thread = new Thread(task, "tcp-proxy");
		thread.setDaemon(true);
		return thread;
	});

	private final Set<Link> links = ConcurrentHashMap.newKeySet();

	private final Map<Direction, Fault> faults = new EnumMap<>(Direction.class);

	private final AtomicInteger struck = new AtomicInteger();

	private volatile int target;

	private volatile boolean refusing;

	private TcpProxy(ServerSocket listener, int target) {
		this.listener = listener;
		this.target = target;
		pass();
	}

	/**
	 * Opens a proxy.
	 * @param target the port of the server on the loopback interface, which need not run
	 * @return the proxy
	 */
	public static TcpProxy to(int target) {
		try {
			TcpProxy proxy = new TcpProxy(new ServerSocket(0, 200, LOOPBACK), target);
			proxy.threads.execute(proxy::accept);
			return proxy;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public int port() {
		return this.listener.getLocalPort();
	}

	/**
	 * Sends whoever connects from now on to another server.
	 * @param port the server's port
	 */
	public void target(int port) {
		this.target = port;
	}

	/**
	 * Ends every fault. What was delivered late or not at all before stays so.
	 */
	public void pass() {
		this.refusing = false;
		set(Direction.TO_SERVER, Fault.NONE);
		set(Direction.TO_CLIENT, Fault.NONE);
	}

	/**
	 * Delivers what is sent in a direction later, in its order.
	 * @param direction the direction
	 * @param delay how much later each piece is
	 */
	public void delay(Direction direction, Duration delay) {
		set(direction, new Fault(delay, Long.MAX_VALUE, false));
	}

	/**
	 * Swallows what is sent in a direction, without a word: neither side is told. Who
	 * connects is accepted, and hears nothing.
	 * @param direction the direction
	 */
	public void blackhole(Direction direction) {
		set(direction, new Fault(Duration.ZERO, 0, false));
	}

	/**
	 * Swallows what is sent in both directions.
	 */
	public void blackhole() {
		blackhole(Direction.TO_SERVER);
		blackhole(Direction.TO_CLIENT);
	}

	/**
	 * Resets each connection when a number of bytes more has passed in a direction, in
	 * the midst of a message say.
	 * @param direction the direction
	 * @param bytes how many bytes still arrive on each connection
	 */
	public void cutAfter(Direction direction, long bytes) {
		set(direction, new Fault(Duration.ZERO, bytes, true));
	}

	/**
	 * Lets the server do what it is asked and drops its reply, then resets the
	 * connection: once, on the first connection whose reply begins with these bytes.
	 * @param reply what the reply begins with, {@link #REPLY_TO_COMMIT} say
	 */
	public void dropReply(byte[] reply) {
		dropReply("", reply);
	}

	/**
	 * Does the same to a connection on which something was asked.
	 * @param request what was asked, a part of a statement say: from now on, in one piece
	 * @param reply what the reply begins with that is dropped, to that or to what is
	 * asked after it
	 */
	public void dropReply(String request, byte[] reply) {
		set(Direction.TO_CLIENT, new Fault(Duration.ZERO, Long.MAX_VALUE, true, reply.clone(),
				request.getBytes(StandardCharsets.UTF_8)));
	}

	/**
	 * Resets every connection, as a firewall does that was restarted.
	 */
	public void reset() {
		this.links.forEach(Link::reset);
	}

	/**
	 * Resets every connection, and each new one at once.
	 */
	public void refuse() {
		this.refusing = true;
		reset();
	}

	/**
	 * Counts the connections that are open.
	 * @return how many
	 */
	public int connections() {
		return this.links.size();
	}

	/**
	 * Counts the connections that {@link #cutAfter} and {@link #dropReply} have struck.
	 * @return how many
	 */
	public int struck() {
		return this.struck.get();
	}

	private void set(Direction direction, Fault fault) {
		synchronized (this.faults) {
			this.faults.put(direction, fault);
		}
	}

	private Fault fault(Direction direction) {
		synchronized (this.faults) {
			return this.faults.getOrDefault(direction, Fault.NONE);
		}
	}

	private void accept() {
		while (!this.listener.isClosed()) {
			try {
				Socket client = this.listener.accept();
				this.threads.execute(() -> connect(client));
			}
			catch (IOException ex) {
				// Closed, or out of descriptors for a moment.
				LockSupport.parkNanos(1_000_000);
			}
		}
	}

	private void connect(Socket client) {
		Socket server = new Socket();
		Link link = new Link(client, server);
		try {
			if (this.refusing) {
				throw new IOException("No way");
			}
			server.connect(new InetSocketAddress(LOOPBACK, this.target));
			this.links.add(link);
			this.threads.execute(() -> link.pump(Direction.TO_SERVER, client, server));
			this.threads.execute(() -> link.pump(Direction.TO_CLIENT, server, client));
		}
		catch (IOException ex) {
			link.reset();
		}
	}

	@Override
	public void close() {
		try {
			this.listener.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		reset();
		this.threads.shutdownNow();
	}

	/**
	 * What PostgreSQL answers to a COMMIT: CommandComplete with that tag, see "Message
	 * Formats" in its documentation.
	 */
	public static final byte[] REPLY_TO_COMMIT = { 'C', 0, 0, 0, 11, 'C', 'O', 'M', 'M', 'I', 'T', 0 };

	/**
	 * Where something is sent.
	 */
	public enum Direction {

		/** What clients send. */
		TO_SERVER,

		/** What the server sends. */
		TO_CLIENT

	}

	/**
	 * What happens to what is sent.
	 *
	 * @param delay how much later it arrives
	 * @param bytes how many bytes arrive on a connection
	 * @param resets whether what comes then resets it, rather than being swallowed
	 * @param marker what strikes a connection when it is sent; empty for nothing
	 * @param request what has to be asked before that; empty for nothing
	 */
	private record Fault(Duration delay, long bytes, boolean resets, byte[] marker, byte[] request) {

		static final Fault NONE = new Fault(Duration.ZERO, Long.MAX_VALUE, false);

		Fault(Duration delay, long bytes, boolean resets) {
			this(delay, bytes, resets, new byte[0], new byte[0]);
		}

		boolean isBlackhole() {
			return this.bytes == 0 && !this.resets;
		}

	}

	/**
	 * A connection, and the one that it is led to.
	 */
	private final class Link {

		private final Socket client;

		private final Socket server;

		/** For what fault it was asked what its reply is dropped for. */
		private volatile @Nullable Fault asked;

		Link(Socket client, Socket server) {
			this.client = client;
			this.server = server;
		}

		void pump(Direction direction, Socket from, Socket to) {
			try {
				// Not closed with this block: to close a stream is to close its socket.
				InputStream in = from.getInputStream();
				OutputStream out = to.getOutputStream();
				byte[] chunk = new byte[CHUNK];
				Fault seen = Fault.NONE;
				long left = seen.bytes();
				for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
					Fault fault = fault(direction);
					if (fault != seen) {
						seen = fault;
						left = fault.bytes();
					}
					if (direction == Direction.TO_SERVER) {
						note(fault(Direction.TO_CLIENT), chunk, length);
					}
					LockSupport.parkNanos(fault.delay().toNanos());
					int passes = (int) Math.min(left, endBeforeMarker(fault, chunk, length));
					out.write(chunk, 0, passes);
					left -= (left == Long.MAX_VALUE) ? 0 : passes;
					if (passes < length && fault.resets()) {
						strike(direction, fault);
						return;
					}
				}
			}
			catch (IOException ex) {
				// One of both has gone: so does the other.
			}
			finally {
				awaitEndOfBlackhole(direction);
				close();
			}
		}

		// It swallows the end of a connection as well.
		private void awaitEndOfBlackhole(Direction direction) {
			while (fault(direction).isBlackhole() && !TcpProxy.this.listener.isClosed()) {
				LockSupport.parkNanos(LOOK);
			}
		}

		private void note(Fault fault, byte[] chunk, int length) {
			if (find(fault.request(), chunk, length) < length) {
				this.asked = fault;
			}
		}

		// A reply that is cut into two pieces is not found: it is short, and sent at
		// once.
		private int endBeforeMarker(Fault fault, byte[] chunk, int length) {
			boolean wanted = fault.request().length == 0 || this.asked == fault;
			return wanted ? find(fault.marker(), chunk, length) : length;
		}

		private static int find(byte[] marker, byte[] chunk, int length) {
			for (int i = 0; marker.length > 0 && i <= length - marker.length; i++) {
				if (Arrays.equals(chunk, i, i + marker.length, marker, 0, marker.length)) {
					return i;
				}
			}
			return length;
		}

		private void strike(Direction direction, Fault fault) {
			TcpProxy.this.struck.incrementAndGet();
			if (fault.marker().length > 0) {
				set(direction, Fault.NONE);
			}
			reset();
		}

		void reset() {
			try {
				this.client.setSoLinger(true, 0);
				this.server.setSoLinger(true, 0);
			}
			catch (IOException ex) {
				// Gone already.
			}
			close();
		}

		private void close() {
			TcpProxy.this.links.remove(this);
			try (this.client; this.server) {
				// Closes both.
			}
			catch (IOException ex) {
				// As good as closed.
			}
		}

	}

}
