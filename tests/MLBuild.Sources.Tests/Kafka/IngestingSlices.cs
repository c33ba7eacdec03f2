using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;
using MLBuild.Learning.Duplicates;
using MLBuild.Learning.Rows;
using MLBuild.Sources.Kafka;
using MLBuild.Stages.Ingest;
using MLBuild.Stages.Tables;

namespace MLBuild.Sources.Tests.Kafka;

/// <summary>A slice never changes, so whatever is in it must be ingested, or its partition would fail for ever.
/// </summary>
public sealed class IngestingSlices : IDisposable
{
    private const string Slice = "trips-0-000000000000";

    private readonly MockCluster _cluster = new MockCluster().WithTopic("trips");
    private readonly FetchSpace _space;

    public IngestingSlices() => _space = new()
    {
        Server = _cluster.Server,
        More =
        [
            new StageBuilder(new("Ingest")).ForEach(new StageName("Fetch"), KafkaFetchStage.Events)
                .Writes(IngestStage.Outputs)
                .Runs(run => IngestStage.Run(run, DuplicateRules.Exact<Trip>(), KafkaFetchStage.Events)).Build(),
        ],
    };

    public void Dispose()
    {
        _space.Dispose();
        _cluster.Dispose();
    }

    [Fact]
    public async Task ASliceOfTombstonesHasNoRows()
    {
        _cluster.Add("trips", 0, "gone"u8.ToArray(), null);
        Assert.IsType<StageOutcome.Done>(await _space.Run("Ingest"));
        Assert.Empty(Rows());
        Assert.Contains($"Ingest/{Slice}: 0 rows, 0 quarantined, 0 duplicate, 0 refunded", _space.Log);
    }

    [Fact]
    public async Task AnEventWithoutAMemberIsQuarantinedThoughItIsAloneInItsSlice()
    {
        _cluster.With("trips", 0, """{"zone":"Queens"}""");
        Assert.IsType<StageOutcome.Done>(await _space.Run("Ingest"));
        Assert.Empty(Rows());
        Assert.Equal(
            $"file,line,column,value,reason\n{Slice}/events.jsonl,1,fare,,expected a finite number\n",
            _space.Text($"Ingest/{Slice}", IngestStage.Quarantine));
    }

    private RowTable<Trip> Rows() => RowTable.Read<Trip>(_space.Output($"Ingest/{Slice}", IngestStage.Rows));

    private sealed record Trip
    {
        [Column("zone")] public string Zone { get; set; } = "";
        [Column("fare")] public double Fare { get; set; }
    }
}
