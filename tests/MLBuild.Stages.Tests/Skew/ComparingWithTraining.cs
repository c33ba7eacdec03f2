using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;
using MLBuild.Stages.Features;
using MLBuild.Stages.Skew;
using MLBuild.Stages.Split;
using MLBuild.Stages.Tables;
using MLBuild.Stages.Tests.Pipelines;

namespace MLBuild.Stages.Tests.Skew;

/// <summary>Features of training must be those of the rows beside them.</summary>
public sealed class ComparingWithTraining : IDisposable
{
    private readonly PipelineSpace _space = new();

    public void Dispose() => _space.Dispose();

    [Theory]
    [InlineData(1, "'train.features.parquet' ends before 'train.parquet': row KEY is in the latter only. Read both "
        + "from stages of one pipeline.")]
    [InlineData(-1, "'train.features.parquet' has other rows than 'train.parquet': row KEY stands where another is "
        + "expected. Read both from stages of one pipeline.")]
    public async Task ARowTooManyOrTooFewIsRefused(int more, string message)
    {
        _space.Write("a.csv", Sales.Csv(400, seed: 1));
        _space.Write("log.jsonl", """{"key":"1","version":1,"features":{"area":1,"rooms":2,"district_code":3}}""");
        var pipeline = new Pipeline(
        [
            .. new SaleBuild(_space).Pipeline.Stages,
            new StageBuilder(new("Other")).Reads(new("Split"), SplitStage.Train, SplitStage.HoldOut)
                .Writes(SplitStage.Train, SplitStage.HoldOut).Runs(run => Copy(run, more)).Build(),
            new StageBuilder(new("Skew"))
                .ForEach(() => SourceFiles.Find([Path.Combine(_space.Data, "log.jsonl")], ".jsonl", "--served"))
                .Reads(new("Other"), SplitStage.Train, SplitStage.HoldOut)
                .Reads(new("Features"), FeaturesStage.Train, FeaturesStage.HoldOut, FeaturesStage.Schema)
                .Writes(SkewStage.Outputs).Runs(run => SkewStage.Run(run, Sales.Model)).Build(),
        ]);
        var fault = await _space.Failure(pipeline, "Skew");
        var rows = RowTable.Read<Sale>(_space.Output("Split", SplitStage.Train)).ToArray();
        var key = more > 0 ? Sales.Key(new() { Id = 9999 }) : Sales.Key(rows[^1].Row);
        Assert.Equal(
            "1 of 1 partitions failed; the others are kept.\nlog: "
                + message.Replace("KEY", $"{key}", StringComparison.Ordinal),
            fault);
    }

    private static void Copy(StageRun run, int more)
    {
        File.Copy(run.Input(SplitStage.HoldOut), run.Output(SplitStage.HoldOut));
        var rows = RowTable.Read<Sale>(run.Input(SplitStage.Train)).ToArray();
        using var table = new RowTableWriter<Sale>(run.Output(SplitStage.Train));
        foreach (var row in more < 0 ? rows[..^1] : rows)
            table.Add(row);
        if (more > 0)
            table.Add(new SourceRow<Sale>(new() { Id = 9999 }, "a.csv", 9999));
        table.Complete();
    }
}
