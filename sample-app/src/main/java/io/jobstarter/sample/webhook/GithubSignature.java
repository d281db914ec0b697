package io.jobstarter.sample.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Signs bodies as GitHub does in the header {@value #HEADER}: HMAC-SHA256 over the raw
 * bytes. See GitHub's page "Validating webhook deliveries".
 */
@Component
public final class GithubSignature {

	/**
	 * The header that carries the signature.
	 */
	public static final String HEADER = "X-Hub-Signature-256";

	private static final String PREFIX = "sha256=";

	private static final String ALGORITHM = "HmacSHA256";

	private final SecretKeySpec key;

	@Autowired
	GithubSignature(GithubProperties properties) {
		this(properties.webhookSecret());
	}

	GithubSignature(String secret) {
		this.key = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM);
	}

	/**
	 * Signs a body.
	 * @param body the raw bytes
	 * @return the value of the header
	 */
	public String sign(byte[] body) {
		return PREFIX + HexFormat.of().formatHex(hmac(body));
	}

	/**
	 * Whether a header can hold a signature at all, which is known before the body is.
	 * @param header the value of the header, or {@code null} if it is missing
	 * @return whether it is well formed
	 */
	static boolean isWellFormed(@Nullable String header) {
		return header != null && header.matches("sha256=[0-9a-fA-F]{64}");
	}

	/**
	 * Whether a body is signed with our secret. Takes the same time wherever the first
	 * wrong byte is, so that a signature cannot be guessed byte by byte.
	 * @param header the value of the header, well formed
	 * @param body the raw bytes
	 * @return whether the signature is right
	 */
	boolean matches(String header, byte[] body) {
		byte[] presented = HexFormat.of().parseHex(header, PREFIX.length(), header.length());
		return MessageDigest.isEqual(hmac(body), presented);
	}

	private byte[] hmac(byte[] body) {
		try {
			Mac mac = Mac.getInstance(ALGORITHM);
			mac.init(this.key);
			return mac.doFinal(body);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Every Java platform has " + ALGORITHM, ex);
		}
	}

}
