using System.Diagnostics;
using System.Globalization;
using MLBuild.Store;
using Xunit.Abstractions;
using static MLBuild.Registry.Tests.TaxiModel;

namespace MLBuild.Registry.Tests;

/// <summary>Contract: many processes do all that a registry is for at once, and some are killed in the middle of it.
/// What was acknowledged is there once, what is there was asked for, and the history gives the present state.</summary>
/// <remarks><c>MLBUILD_SOAK=1000</c> starts 16 processes, of which each does a thousand things; <c>MLBUILD_SEED=17</c>
/// has them do others.</remarks>
public abstract class SharingUnderLoad<TPlace>(ITestOutputHelper output) : IDisposable
    where TPlace : ContractPlace, new()
{
    private readonly TPlace _place = new();

    public void Dispose() => _place.Dispose();

    [ContractFact]
    public void NothingIsLostAndNothingIsDoubled()
    {
        var soak = Variable("MLBUILD_SOAK");
        // Starting processes takes most of the time of the small ones.
        var (processes, operations) = soak is { } many ? (16, Math.Max(many, 2)) : (5, 30);
        var seed = Variable("MLBUILD_SEED") ?? 1;
        var random = new SplitMix64((ulong)seed);
        // Some are killed after so many operations.
        int?[] lives =
        [
            .. Enumerable.Range(0, processes).Select(worker =>
                worker % 4 == 1 ? 1 + random.Below(operations - 1) : (int?)null),
        ];
        var watch = Stopwatch.StartNew();

        var said = AtOnce.Run(processes, worker => Follow(worker, operations, seed, lives[worker]));

        var registry = _place.Open(new SettableClock());
        var entries = new Entries(
            registry.Versions(Name), number => registry.EvidenceHistory(Name, number),
            registry.History(Name, MixedWork.Environment), registry.Annotations(Name),
            registry.Rollouts(Name, MixedWork.Environment));
        output.WriteLine(Figures(said, lives, entries, watch.Elapsed, seed));
        Assert.All(
            said.Where((_, worker) => lives[worker] is null), lines => Assert.Equal(operations, lines.Count));
        entries.AreWhole();
        entries.AreWhatWasAcknowledged(said, lives);
        var served = Assert.IsType<Served.Version>(registry.Serving(Name, MixedWork.Environment));
        Assert.Equal(entries.Deployments[^1], served.Since);
        Assert.Equal(entries.Deployments[^1].To, served.Model.Number);
        // What serves cannot be put aside, and what is put aside cannot be deployed, whoever of two came first.
        Assert.Null(VersionMarks.Of(entries.Annotations, served.Model.Number).Archived);
    }

    private List<Acknowledged> Follow(int worker, int operations, int seed, int? lives)
    {
        using var process = WriterProcess.Mixing(_place.Argument, worker, operations, seed);
        var said = new List<Acknowledged>();
        while (process.ReadLine() is { } line)
        {
            said.Add(Acknowledged.Parse(line));
            if (said.Count == lives)
                process.Kill();
        }
        return said;
    }

    private static int? Variable(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value)
            ? value
            : null;

    private static string Figures(
        List<Acknowledged>[] said, int?[] lives, Entries entries, TimeSpan took, int seed)
    {
        var all = said.SelectMany(lines => lines).ToArray();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"seed {seed}: {all.Length} operations acknowledged by {said.Length} processes, "
            + $"{lives.OfType<int>().Count()} of them killed, in {took.TotalSeconds:0.0} s "
            + $"({all.Length / took.TotalSeconds:0} a second): ")
            + string.Join(", ", all.CountBy(each => each.What).OrderBy(count => count.Key, StringComparer.Ordinal)
                .Select(count => FormattableString.Invariant($"{count.Key} {count.Value}")))
            + FormattableString.Invariant(
                $"; {entries.Versions.Count} versions, {entries.Evidence.Count} entries of evidence, ")
            + FormattableString.Invariant($"{entries.Deployments.Count} deployments, ")
            + FormattableString.Invariant($"{entries.Annotations.Count} annotations, ")
            + FormattableString.Invariant($"{entries.Rollouts.Count} entries about rollouts, of which ")
            + FormattableString.Invariant($"{entries.Unacknowledged(said).Count} were made and not acknowledged");
    }

    /// <summary>All that is in the registry in the end.</summary>
    private sealed class Entries
    {
        public Entries(
            IReadOnlyList<ModelVersion> versions,
            Func<int, IReadOnlyList<RecordedEvidence>> evidence,
            IReadOnlyList<Deployment> deployments,
            IReadOnlyList<RecordedAnnotation> annotations,
            IReadOnlyList<RolloutEntry> rollouts)
        {
            (Versions, Deployments, Annotations, Rollouts) = (versions, deployments, annotations, rollouts);
            Evidence = [.. versions.SelectMany(version => evidence(version.Number).Select(entry => (version, entry)))];
        }

        public IReadOnlyList<ModelVersion> Versions { get; }

        public List<(ModelVersion Version, RecordedEvidence Entry)> Evidence { get; }

        public IReadOnlyList<Deployment> Deployments { get; }

        public IReadOnlyList<RecordedAnnotation> Annotations { get; }

        public IReadOnlyList<RolloutEntry> Rollouts { get; }

        // As the process that made each entry must have said it.
        private IEnumerable<Acknowledged> Made =>
        [
            .. Evidence.Select(each => new Acknowledged(
                each.Entry.Number == 1 ? nameof(Registered.New) : nameof(Registered.Reevaluated), each.Entry.Who,
                each.Version.Number, each.Entry.Number, each.Version.ModelHash.Hex)),
            // That of a promotion is its rollout's.
            .. Deployments.ExceptBy(Promotions.Select(each => each.Who), each => each.Who)
                .Select(each => new Acknowledged(
                    MixedWork.Deployed, each.Who, each.To, each.Position, $"{each.From}")),
            .. Rollouts.Select(each => new Acknowledged(
                MixedWork.RolledOut, each.Who, each.Candidate, each.Position, $"{each.Change}")),
            .. Annotations.Select(each => new Acknowledged(
                MixedWork.Annotated, each.Who, each.Number, each.Position, MixedWork.Kind(each.Annotation))),
        ];

        private IEnumerable<RolloutEntry> Promotions =>
            Rollouts.Where(each => each.Change == RolloutChange.Promoted);

        public void AreWhole()
        {
            Assert.Equal(Enumerable.Range(1, Versions.Count), Versions.Select(version => version.Number));
            Assert.Equal(Versions.Count, Versions.Select(version => version.ModelHash).Distinct().Count());
            foreach (var version in Evidence.GroupBy(each => each.Version))
            {
                var entries = version.Select(each => each.Entry).ToArray();
                Assert.Equal(Enumerable.Range(1, entries.Length), entries.Select(entry => entry.Number));
                Assert.All(
                    entries.Zip(entries.Skip(1)),
                    pair => Assert.NotEqual(pair.First.Evidence, pair.Second.Evidence));
                Assert.Equal(entries[^1].Evidence, version.Key.Evidence);
            }

            int? serving = null;
            foreach (var (index, deployment) in Deployments.Index())
            {
                Assert.Equal((index + 1, serving), (deployment.Position, deployment.From));
                Assert.NotEqual(deployment.From, deployment.To);
                serving = deployment.To;
            }

            // One at a time, and each promotion is the deployment of its candidate instead of its champion.
            foreach (var (index, entry) in Rollouts.Index())
            {
                var before = ActiveRollout.Of(Rollouts.Take(index));
                Assert.Equal(index + 1, entry.Position);
                Assert.Equal(entry.Change == RolloutChange.Started, before is null);
                if (before is not null)
                    Assert.Equal(
                        (before.Candidate, before.Started.Champion), (entry.Candidate, entry.Champion));
            }
            Assert.Equal(
                Promotions.Select(each => (each.Who, (int?)each.Champion, each.Candidate)),
                Deployments.IntersectBy(Promotions.Select(each => each.Who), each => each.Who)
                    .Select(each => (each.Who, each.From, each.To)));

            // Each said something new when it was said: the log is what the answers were given by.
            foreach (var (index, annotation) in Annotations.Index())
            {
                Assert.Equal(index + 1, annotation.Position);
                Assert.True(
                    VersionMarks.Of(Annotations.Take(index), annotation.Number).Lack(annotation.Annotation),
                    $"{annotation} was so already.");
            }
        }

        public void AreWhatWasAcknowledged(List<Acknowledged>[] said, int?[] lives)
        {
            // Who did it names one operation of one process: nothing was done twice.
            Assert.Equal(Made.Count(), Made.Select(each => each.Who).Distinct().Count());
            var made = Made.ToDictionary(each => each.Who);
            Assert.All(
                said.SelectMany(lines => lines).Where(each => each.IsChange),
                each => Assert.Equal(each, made.GetValueOrDefault(each.Who)));
            // What nobody was told of is what a killed process was doing.
            var interrupted = said.Select((lines, worker) => (lines.Count, Worker: worker))
                .Where(each => lives[each.Worker] is not null).Select(each => $"{each.Worker}/{each.Count}");
            Assert.Subset(interrupted.ToHashSet(), Unacknowledged(said).ToHashSet());
            // Known bytes are told by the number they have.
            Assert.All(
                said.SelectMany(lines => lines).Where(each => each.More.Length == ContentHash.Of("").Hex.Length),
                each => Assert.Equal(each.More, Versions[each.Number - 1].ModelHash.Hex));
        }

        public List<string> Unacknowledged(List<Acknowledged>[] said) =>
            [.. Made.Select(each => each.Who).Except(said.SelectMany(lines => lines).Select(each => each.Who))];
    }
}

public sealed class SharingUnderLoadInSqlite(ITestOutputHelper output) : SharingUnderLoad<SqlitePlace>(output);

public sealed class SharingUnderLoadInPostgreSql(ITestOutputHelper output) : SharingUnderLoad<PostgreSqlPlace>(output);
