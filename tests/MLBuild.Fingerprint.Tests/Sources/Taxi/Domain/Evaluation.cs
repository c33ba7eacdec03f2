using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using Acme.Stats;
using MLBuild.Engine.Stages;

namespace Taxi;

/// <summary>How good a weight is, by static values and a package.</summary>
public static class Evaluation
{
    public static void Run(StageRun run)
    {
        var weight = double.Parse(File.ReadAllText(run.Input("model.txt")), CultureInfo.InvariantCulture);
        var values = Limits.Weights
            .Select((limit, i) => limit * weight + Limits.Magic[i % Limits.Magic.Length]).ToArray();
        var error = Stats.Clip(Calibration.Of(Stats.Spread(values))) + Robust.Center(values) * Limits.Margin
            + Counters.Offset + Limits.Names.Sum(name => name.Length);
        File.WriteAllText(run.Output("metrics.json"), JsonSerializer.Serialize(new Summary(error)));
    }
}
