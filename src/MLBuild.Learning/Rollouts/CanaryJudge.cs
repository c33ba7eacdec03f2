using System.Collections.Immutable;
using MLBuild.Learning.Contracts;
using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Rollouts;

/// <summary>Judges a candidate by the requests that it and the champion got at the same time. A pure function: counts
/// in, verdict out.</summary>
/// <remarks>Somebody who looks again and again sees anything at some time by chance. So looks are taken at the least
/// number of requests, at twice as many, at four times as many and so on, and what may go wrong by chance is divided
/// among them: a half of 5 % at the first, a quarter at the second. All looks of a step together say of an equal
/// candidate that it is worse than allowed, or of one that is just too bad that it is good enough, about 5 times in 100
/// at most for each demand. Two things are taken as they are: the time that 95 % of the champion's answers do not
/// exceed is the one that was counted, whose own uncertainty is in no bound; and a look is taken once by each process
/// that directs, so that one which goes on where another was interrupted takes those of the step again. Where labels
/// arrive, the losses have looks of their own, at the least number of rows with labels, at twice as many and so on, as
/// labels come later than answers.</remarks>
public static class CanaryJudge
{
    /// <summary>The part of the champion's own answers that count as slow.</summary>
    public const double SlowOfChampion = 0.05;

    private const double Significance = 0.05;

    /// <summary>Which look there are requests enough for; -1 for none.</summary>
    public static int LookAt(TrafficCounts candidate, CanaryOptions options) =>
        candidate.Requests < options.MinRequests
            ? -1
            : (int)Math.Log2((double)candidate.Requests / options.MinRequests);

    /// <summary>As the other, of its rows with labels.</summary>
    public static int LookAt(QualityCounts quality, CanaryOptions options) =>
        quality.Candidate.Count < options.MinLabelled
            ? -1
            : (int)Math.Log2((double)quality.Candidate.Count / options.MinLabelled);

    /// <param name="champion">What it did since the step began; at 100 % what it did in the step before.</param>
    /// <param name="candidate">What it did in the same time.</param>
    /// <param name="look">The number of this look; each is taken once: see <see cref="LookAt"/>.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or the scores were counted in other
    /// bins.</exception>
    public static CanaryVerdict Judge(TrafficCounts champion, TrafficCounts candidate, int look, CanaryOptions options)
    {
        options.Validate();
        if (LookAt(candidate, options) < 0)
            return new(look, [Hold(
                $"The candidate got {Requests(candidate)}, expected {Figures.Count(options.MinRequests)} before "
                + "anything is decided.")]);
        // What the candidate is compared with must be known as well as it is.
        if (champion.Requests < options.MinRequests)
            return new(look, [Hold(
                $"The champion got {Requests(champion)}, expected {Figures.Count(options.MinRequests)} to compare "
                + "with.")]);
        var level = LevelOf(look);
        return new(look,
        [
            Errors(champion, candidate, level, options),
            Latency(champion, candidate, level, options),
            Scores(champion, candidate, level, options),
        ]);
    }

    /// <summary>Judges by labels.</summary>
    /// <param name="look">As there: see <see cref="LookAt(QualityCounts, CanaryOptions)"/>.</param>
    // Welch's interval of the difference between the candidate's mean loss and so many times the champion's, whose own
    // uncertainty counts as often. Source: B. L. Welch, "The generalization of 'Student's' problem when several
    // different population variances are involved", Biometrika 34, 1947. Losses are skewed to the right: then a mean is
    // seldom called too large by chance, and more often small enough.
    public static CanaryFinding JudgeQuality(QualityCounts quality, int look, CanaryOptions options)
    {
        options.Validate();
        var (champion, candidate, most) = (quality.Champion, quality.Candidate, 1 + options.MaxLossIncrease);
        if (Math.Min(champion.Count, candidate.Count) < options.MinLabelled)
            return Hold(
                $"{Figures.Count(candidate.Count, "row")} of the candidate and {Figures.Count(champion.Count)} of the "
                + $"champion have labels, expected {Figures.Count(options.MinLabelled)} of each before their "
                + $"{quality.Loss} is compared.");
        var (now, was) = (candidate.Variance / candidate.Count, most * most * champion.Variance / champion.Count);
        var degrees = now + was == 0 ? 1 : 1 / (
            (Squared(now / (now + was)) / (candidate.Count - 1)) + (Squared(was / (now + was)) / (champion.Count - 1)));
        var reach = -StudentT.Quantile(LevelOf(look), (int)Math.Clamp(degrees, 1, 1_000_000)) * Math.Sqrt(now + was);
        return Found(candidate.Mean - reach, candidate.Mean + reach, most * champion.Mean,
            $"{char.ToUpperInvariant(quality.Loss[0])}{quality.Loss[1..]}: {Loss(candidate.Mean)} of "
            + $"{Figures.Count(candidate.Count, "row")} with labels, the champion's {Loss(champion.Mean)} of "
            + $"{Figures.Count(champion.Count)}; may be {Figures.Percent(options.MaxLossIncrease)} more",
            more: "labels");
    }

    // Of each side: wrongly good, wrongly bad.
    private static double LevelOf(int look) => Significance / Math.Pow(2, Math.Max(0, look) + 1);

    // Newcombe's interval of a difference of two shares: from Wilson's of each. Source: R. G. Newcombe, "Interval
    // estimation for the difference between independent proportions", Statistics in Medicine 17, 1998, method 10.
    private static CanaryFinding Errors(
        TrafficCounts champion, TrafficCounts candidate, double level, CanaryOptions options)
    {
        var (was, now) = (Share(champion.Failed, champion.Requests), Share(candidate.Failed, candidate.Requests));
        var (wasLow, wasHigh) = WilsonInterval.Of(champion.Failed, champion.Requests, 1 - (2 * level));
        var (nowLow, nowHigh) = WilsonInterval.Of(candidate.Failed, candidate.Requests, 1 - (2 * level));
        var difference = now - was;
        var low = difference - Length(now - nowLow, wasHigh - was);
        var high = difference + Length(nowHigh - now, was - wasLow);
        return Found(low, high, options.MaxErrorIncrease,
            $"Failed requests: {Figures.Percent(Rounded(now))} of {Figures.Count(candidate.Requests)}, the champion's "
            + $"{Figures.Percent(Rounded(was))} of {Figures.Count(champion.Requests)}; may be "
            + $"{Figures.Percent(options.MaxErrorIncrease)} of all requests more");
    }

    private static CanaryFinding Latency(
        TrafficCounts champion, TrafficCounts candidate, double level, CanaryOptions options)
    {
        // Their own sums: a server that is read while it counts may have one more of one count than of another.
        var (was, now) = (champion.Latencies.Sum(), candidate.Latencies.Sum());
        if (was == 0 || now == 0)
            return Hold($"The {(now == 0 ? "candidate" : "champion")} answered nothing yet: how long an answer takes "
                + "is not known.");
        var slow = Math.Max(SlowFrom(champion.Latencies, was), NeverSlowUpTo(options.NeverSlowMilliseconds));
        var slower = candidate.Latencies.Skip(slow).Sum();
        var (low, high) = WilsonInterval.Of(slower, now, 1 - (2 * level));
        return Found(low, high, options.MaxSlowShare,
            $"Answers that took longer than {Milliseconds(slow)} ms: "
            + $"{Figures.Percent(Rounded(Share(slower, now)))}, the champion's "
            + $"{Figures.Percent(Rounded(Share(champion.Latencies.Skip(slow).Sum(), was)))}; may be "
            + $"{Figures.Percent(options.MaxSlowShare)}");
    }

    // The inequality of Dvoretzky, Kiefer and Wolfowitz with Massart's constant (Annals of Probability 18, 1990) says
    // how far each empirical distribution may be from the true one; the distance is wrong by at most both together.
    // The classes of a multiclass model are taken in the order in which its task names them. In any order the distance
    // is at most half the sum of all differences, so one that is too large is too large; neighbours whose changes
    // cancel out are seen less. A bound for that sum grows with the classes: of twenty it takes three times as many
    // requests.
    private static CanaryFinding Scores(
        TrafficCounts champion, TrafficCounts candidate, double level, CanaryOptions options)
    {
        var (was, now) = (champion.Scores.Sum(), candidate.Scores.Sum());
        if (champion.Scores.Length != candidate.Scores.Length)
            throw new ArgumentException("BUG: the scores of the two versions were counted in other bins.");
        if (champion.Scores.Length < 2)
            return Hold("The champion's golden rows tell one score from no other, so the scores of both versions "
                + "cannot be compared; a person decides.");
        if (was == 0 || now == 0)
            return Hold($"The {(now == 0 ? "candidate" : "champion")} scored no row yet.");
        var (distance, below, other) = (0.0, 0L, 0L);
        for (var bin = 0; bin < champion.Scores.Length; bin++)
        {
            below += candidate.Scores[bin];
            other += champion.Scores[bin];
            distance = Math.Max(distance, Math.Abs(Share(below, now) - Share(other, was)));
        }
        var reach = Reach(now) + Reach(was);
        return Found(distance - reach, distance + reach, options.MaxScoreDistance,
            $"Distance between the scores of both versions: {Figures.Number(Math.Round(distance, 4))}; may be "
            + $"{Figures.Number(options.MaxScoreDistance)}");

        double Reach(long requests) => Math.Sqrt(Math.Log(4 / level) / (2.0 * requests));
    }

    private static CanaryFinding Found(
        double low, double high, double limit, string sentence, string more = "requests")
    {
        var bounds = $" (bounds {Figures.Number(Math.Round(low, 4))} and {Figures.Number(Math.Round(high, 4))} against "
            + $"{Figures.Number(Math.Round(limit, 4))})";
        return high <= limit ? new(CanaryDecision.Promote, $"{sentence}{bounds}.")
            : low > limit ? new(CanaryDecision.RollBack, $"{sentence}{bounds}.")
            : Hold($"{sentence}{bounds}; more {more} will tell.");
    }

    // The first bin all of whose answers, and those of later ones, are the slowest of the champion.
    private static int SlowFrom(ImmutableArray<long> latencies, long answered)
    {
        var slower = 0L;
        var bin = latencies.Length;
        while (bin > 0 && slower + latencies[bin - 1] <= SlowOfChampion * answered)
            slower += latencies[--bin];
        return bin;
    }

    // The first bin all of whose answers take longer.
    private static int NeverSlowUpTo(double milliseconds) =>
        milliseconds == 0 ? 0 : LatencyBins.BinOf(TimeSpan.FromMilliseconds(milliseconds)) + 1;

    private static string Milliseconds(int bin) => bin == 0
        ? "0"
        : Figures.Number(Math.Round(LatencyBins.UpperEdgeMilliseconds(Math.Min(bin, LatencyBins.Count - 1) - 1), 2));

    private static CanaryFinding Hold(string sentence) => new(CanaryDecision.Hold, sentence);

    private static string Requests(TrafficCounts counts) =>
        $"{Figures.Count(counts.Requests, "request")} of different keys";

    private static string Loss(double mean) => Figures.Number(Math.Round(mean, 4));

    private static double Squared(double number) => number * number;

    private static double Share(long some, long all) => (double)some / all;

    private static double Rounded(double share) => Math.Round(share, 6);

    private static double Length(double one, double other) => Math.Sqrt((one * one) + (other * other));
}
