import Testing

@testable import ControlServer

struct PrometheusTextTests {
    @Test func describesBeforeItCounts() {
        var text = PrometheusText()
        text.counter("a_total", "Things.", 3)
        text.gauge("b_bytes", "Size.", 2.5)
        #expect(
            text.text == """
                # HELP a_total Things.
                # TYPE a_total counter
                a_total 3
                # HELP b_bytes Size.
                # TYPE b_bytes gauge
                b_bytes 2.5

                """
        )
    }

    @Test func escapesHelpAndLabels() {
        var text = PrometheusText()
        text.gauges("g", "a\\b\nc \"d\"", by: "x", [("q\"\\\n", 1)])
        #expect(text.text.contains(#"# HELP g a\\b\nc "d""# + "\n"))
        #expect(text.text.contains(#"g{x="q\"\\\n"} 1"# + "\n"))
    }

    @Test func summariesHaveTheirQuantilesAsALabel() {
        var text = PrometheusText()
        text.summaries(
            "s_seconds", "Times.",
            [.init(labels: [("channel", "c"), ("kind", "k")], quantiles: [("0.5", 0.25)], sum: 3.5, count: 7)])
        #expect(
            text.text == """
                # HELP s_seconds Times.
                # TYPE s_seconds summary
                s_seconds{channel="c",kind="k",quantile="0.5"} 0.25
                s_seconds_sum{channel="c",kind="k"} 3.5
                s_seconds_count{channel="c",kind="k"} 7

                """
        )
    }

    @Test func bucketsOfAHistogramAccumulateToItsCount() {
        var text = PrometheusText()
        text.histogram("h_seconds", "Times.", bounds: [0.000025, 0.5], counts: [2, 0, 3], sum: 9.25)
        let samples = text.text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(
            samples == [
                #"h_seconds_bucket{le="2.5e-05"} 2"#, #"h_seconds_bucket{le="0.5"} 2"#,
                #"h_seconds_bucket{le="+Inf"} 5"#, "h_seconds_sum 9.25", "h_seconds_count 5",
            ]
        )
    }

    @Test func writesWhatIsNoNumberAsPrometheusReadsIt() {
        var text = PrometheusText()
        text.gauges("g", "G.", by: "x", [("a", .nan), ("b", .infinity), ("c", -.infinity), ("d", -0.5)])
        let values = text.text.split(separator: "\n").dropFirst(2).map { $0.split(separator: " ")[1] }
        #expect(values == ["NaN", "+Inf", "-Inf", "-0.5"])
    }
}
