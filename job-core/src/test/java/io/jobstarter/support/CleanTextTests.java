package io.jobstarter.support;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class CleanTextTests {

	private static final String SMILE = "\uD83D\uDE00";

	@ParameterizedTest
	@ValueSource(strings = { "", "plain", "grüße", SMILE, "\t\r\n", "\u202E" })
	void textIsClean(String text) {
		assertThat(CleanText.isClean(text)).isTrue();
		assertThat(CleanText.storable(text, 100)).isEqualTo(text);
	}

	@ParameterizedTest
	@CsvSource({ "NUL", "HIGH", "LOW", "SWAPPED", "HIGH_HIGH_LOW" })
	void whatADatabaseRefusesIsNotAndIsReplaced(String what) {
		String bad = switch (what) {
			case "NUL" -> "\u0000";
			case "HIGH" -> "\uD83D";
			case "LOW" -> "\uDE00";
			case "SWAPPED" -> "\uDE00\uD83D";
			default -> "\uD83D\uD83D\uDE00";
		};
		assertThat(CleanText.isClean("a" + bad + "b")).isFalse();
		assertThat(CleanText.isClean(bad)).isFalse();
		assertThat(CleanText.storable("a" + bad + "b", 100)).startsWith("a\uFFFD").endsWith("b");
		assertThat(CleanText.storable("a" + bad + "b", 100)).matches(CleanText::isClean).hasSize(bad.length() + 2);
	}

	@Test
	void aPairBesideALoneSurrogateSurvives() {
		assertThat(CleanText.storable("\uD83D" + SMILE, 100)).isEqualTo("\uFFFD" + SMILE);
	}

	@Test
	void cutsToTheLength() {
		assertThat(CleanText.storable("12345", 5)).isEqualTo("12345");
		assertThat(CleanText.storable("123456", 5)).isEqualTo("1234…");
	}

	@Test
	void neverCutsAPairInTwo() {
		assertThat(CleanText.storable("123" + SMILE + "6", 5)).matches(CleanText::isClean).hasSize(5);
	}

	@ParameterizedTest
	@ValueSource(strings = { "\n", "\r", "\u001B", "\u0000", "\u0085", "\u2028", "\u2029", "\u202E", "\u200F" })
	void aLineHasNoBreakTerminalCodeOrChangeOfDirection(String harmful) {
		assertThat(CleanText.printable("a" + harmful + "b", 100)).matches("a[ \uFFFD]b");
	}

	@Test
	void aLineHasNoCodesBeyondTheFirstPlane() {
		String tag = Character.toString(0xE0041);
		assertThat(CleanText.printable("a" + tag + "b" + SMILE, 100)).isEqualTo("a  b" + SMILE);
	}

	@Test
	void aLineKeepsWhatIsReadable() {
		assertThat(CleanText.printable("grüße " + SMILE, 100)).isEqualTo("grüße " + SMILE);
	}

	@Test
	void tellsAnErrorInOneLine() {
		assertThat(CleanText.oneLine(new IllegalStateException("no\nbreak"), 100))
			.isEqualTo("java.lang.IllegalStateException: no break");
	}

	@Test
	void tellsAnErrorThatCannotBeTold() {
		Exception hostile = new Exception() {
			@Override
			public String toString() {
				throw new IllegalStateException();
			}
		};
		assertThat(CleanText.oneLine(hostile, 100)).isEqualTo(hostile.getClass().getName());
	}

}
