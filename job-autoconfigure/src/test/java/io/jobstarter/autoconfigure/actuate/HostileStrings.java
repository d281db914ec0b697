package io.jobstarter.autoconfigure.actuate;

import java.util.List;

/**
 * What people and programs write where a plain text is expected.
 */
final class HostileStrings {

	static final List<String> ALL = List.of("<script>alert(1)</script>", "<img src=x onerror=alert(1)>",
			"\"><svg/onload=alert(1)>", "</textarea><script>", "<!--", "]]>", "&lt;b&gt;&amp;&#x27;",
			"javascript:alert(1)", "{{7*7}}", "${jndi:ldap://example.invalid/a}", "${${lower:j}ndi:rmi://x}",
			"#{T(java.lang.Runtime).getRuntime()}", "%{(#a=1)}", "'; drop table background_job_job; --", "x' or '1'='1",
			"a\r\nINFO: all is well", "a\nb", "\u001B[31mred\u001B[0m", "\u001B]0;title\u0007", "\u009B2J",
			"\u202Egnp.exe", "\u2066hidden\u2069", "line\u2028separator\u2029end", "\\\"},{\"id\":1,\"x\":\"",
			"caf\u0065\u0301 \uD83D\uDE00 \uFEFF", "../../etc/passwd", "%00%0d%0a", "\t\b\f\u0085", "x".repeat(900));

	private HostileStrings() {
	}

}
