package io.jobstarter.faults.soak;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

import javax.xml.parsers.DocumentBuilderFactory;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LinePlotTests {

	@Test
	void isSmallAndCanBeParsed() throws Exception {
		Curve curve = new Curve("a & b",
				IntStream.range(1, 361).mapToObj((i) -> new Curve.Point(10 * i, 40 + i % 7)).toList());
		String svg = new LinePlot("Heap < 100 MiB", List.of(curve, new Curve("none", List.of()))).svg();
		assertThat(svg).hasSizeLessThan(6_000).contains("minutes").contains("a &amp; b");
		assertThat(DocumentBuilderFactory.newInstance()
			.newDocumentBuilder()
			.parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)))
			.getDocumentElement()
			.getTagName()).isEqualTo("svg");
	}

	@Test
	void aTimeInWhichNothingWasMeasuredIsAGap() {
		Curve curve = new Curve("heap", List.of(new Curve.Point(1, 4), new Curve.Point(2, 4), new Curve.Point(3, 4),
				new Curve.Point(4, 4), new Curve.Point(20, 4), new Curve.Point(21, 4)));
		String svg = new LinePlot("Heap", List.of(curve)).svg();
		String path = svg.lines().filter((line) -> line.contains("fill=\"none\"")).findFirst().orElseThrow();
		assertThat(path.chars().filter((character) -> character == 'M')).hasSize(2);
	}

	@Test
	void axesEndAtRoundNumbers() {
		assertThat(LinePlot.roundUp(37)).isEqualTo(40);
		assertThat(LinePlot.roundUp(0.9)).isEqualTo(1);
		assertThat(LinePlot.roundUp(0)).isEqualTo(1);
		assertThat(LinePlot.roundUp(101)).isEqualTo(120);
	}

}
