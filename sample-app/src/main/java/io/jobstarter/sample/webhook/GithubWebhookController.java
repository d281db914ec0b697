package io.jobstarter.sample.webhook;

import java.util.UUID;
import java.util.regex.Pattern;

import io.jobstarter.sample.delivery.DeliveryInbox;
import io.jobstarter.sample.delivery.IncomingDelivery;
import io.jobstarter.sample.delivery.Receipt;
import io.jobstarter.sample.web.RequestBody;
import io.jobstarter.sample.web.RequestRefused;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * The URL that GitHub calls. GitHub gives up after 10 seconds and does not try again by
 * itself, so nothing happens here but what must: check, store, enqueue.
 */
@RestController
class GithubWebhookController {

	private static final Pattern EVENT = Pattern.compile("[a-z][a-z0-9_]{0,99}");

	private static final Pattern UUID_TEXT = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

	private final GithubProperties properties;

	private final GithubSignature signature;

	private final DeliveryInbox inbox;

	GithubWebhookController(GithubProperties properties, GithubSignature signature, DeliveryInbox inbox) {
		this.properties = properties;
		this.signature = signature;
		this.inbox = inbox;
	}

	@PostMapping(path = "/webhooks/github", consumes = MediaType.APPLICATION_JSON_VALUE,
			produces = MediaType.APPLICATION_JSON_VALUE)
	@ResponseStatus(HttpStatus.ACCEPTED)
	Receipt receive(@RequestHeader(name = GithubSignature.HEADER, required = false) @Nullable String signature,
			@RequestHeader(name = "X-GitHub-Event", required = false) @Nullable String event,
			@RequestHeader(name = "X-GitHub-Delivery", required = false) @Nullable String deliveryId,
			HttpServletRequest request) {
		byte[] body = authenticatedBody(signature, request);
		return this.inbox.accept(new IncomingDelivery(deliveryId(deliveryId), event(event), WebhookBody.decode(body)));
	}

	private byte[] authenticatedBody(@Nullable String signature, HttpServletRequest request) {
		// Whoever sends no signature at all does not get to fill our memory.
		if (signature == null || !GithubSignature.isWellFormed(signature)) {
			throw notSigned();
		}
		byte[] body = RequestBody.read(request, this.properties.maxBody());
		if (!this.signature.matches(signature, body)) {
			throw notSigned();
		}
		return body;
	}

	private static RequestRefused notSigned() {
		return RequestRefused.unauthorized("The header " + GithubSignature.HEADER + " must sign the body.");
	}

	private static String event(@Nullable String header) {
		if (header == null || !EVENT.matcher(header).matches()) {
			throw RequestRefused.badRequest("The header X-GitHub-Event must hold the name of an event.");
		}
		return header;
	}

	private static UUID deliveryId(@Nullable String header) {
		// UUID.fromString() alone would also take "1-1-1-1-1".
		if (header == null || !UUID_TEXT.matcher(header).matches()) {
			throw RequestRefused.badRequest("The header X-GitHub-Delivery must hold a UUID.");
		}
		return UUID.fromString(header);
	}

}
