package io.jobstarter.sample.replay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import io.jobstarter.sample.delivery.DeliveryView;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClientException;

/**
 * Posts payloads in a random order and several at a time, some of them repeatedly, and
 * accounts for every one.
 */
@Component
class PayloadPoster {

	private static final Logger logger = LoggerFactory.getLogger(PayloadPoster.class);

	private static final int CONNECTIONS = 4;

	private static final int EVERY_NTH_IS_REDELIVERED = 5;

	private final WebhookClient webhook;

	private final JobWatch jobs;

	PayloadPoster(WebhookClient webhook, JobWatch jobs) {
		this.webhook = webhook;
		this.jobs = jobs;
	}

	/**
	 * Posts payloads, and waits until nothing moves any more.
	 * @param payloads the payloads
	 * @param seed decides the order
	 * @param patience how long to wait for the next thing to happen
	 * @return what became of them
	 * @throws InterruptedException if the thread is interrupted
	 */
	PostReport post(List<Payload> payloads, long seed, Duration patience) throws InterruptedException {
		List<Post> first = payloads.stream().map((payload) -> new Post(UUID.randomUUID(), payload)).toList();
		List<Post> again = new ArrayList<>();
		for (int i = 0; i < first.size(); i += EVERY_NTH_IS_REDELIVERED) {
			again.add(first.get(i));
		}
		postAll(shuffle(first, again, new Random(seed)));
		awaitEnd(first, patience);
		return report(first, again);
	}

	private static List<Post> shuffle(List<Post> first, List<Post> again, Random random) {
		List<Post> all = new ArrayList<>(first);
		all.addAll(again);
		Collections.shuffle(all, random);
		return all;
	}

	private void postAll(List<Post> posts) throws InterruptedException {
		ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
		try {
			posts.forEach((post) -> threads.execute(() -> postOne(post)));
		}
		finally {
			threads.shutdown();
			threads.awaitTermination(1, TimeUnit.HOURS);
		}
	}

	private void postOne(Post post) {
		try {
			this.webhook.post(post);
		}
		catch (RestClientException ex) {
			// The report will show it as lost.
			logger.warn("Delivery {} was not accepted", post.deliveryId(), ex);
		}
	}

	private void awaitEnd(List<Post> posts, Duration patience) throws InterruptedException {
		Set<UUID> waiting = new HashSet<>();
		posts.forEach((post) -> waiting.add(post.deliveryId()));
		Stillness stillness = new Stillness(patience);
		do {
			waiting.removeIf((id) -> this.webhook.find(id).map(DeliveryView::isSettled).orElse(true));
			waiting.removeAll(this.jobs.deadDeliveries().keySet());
		}
		while (!(waiting.isEmpty() && this.jobs.unfinished() == 0)
				&& stillness.isBearable(waiting.size() + this.jobs.unfinished()));
	}

	private PostReport report(List<Post> first, List<Post> again) {
		PostReport report = new PostReport();
		for (Post post : again) {
			PostReport.Tally tally = report.of(post.payload().event());
			tally.posted++;
			tally.redelivered++;
		}
		Map<UUID, Integer> dead = this.jobs.deadDeliveries();
		for (Post post : first) {
			PostReport.Tally tally = report.of(post.payload().event());
			tally.posted++;
			tally.dead += dead.getOrDefault(post.deliveryId(), 0);
			this.webhook.find(post.deliveryId()).ifPresent(tally::count);
		}
		return report;
	}

}
