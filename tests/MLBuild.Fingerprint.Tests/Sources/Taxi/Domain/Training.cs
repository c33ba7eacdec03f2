using System;
using System.Globalization;
using System.IO;
using System.Linq;
using MLBuild.Engine.Stages;

namespace Taxi;

/// <summary>What training may be asked for.</summary>
public sealed record TrainOptions(double Rate, int Epochs);

/// <summary>A weight from features.</summary>
public static class Training
{
    private const double Start = 0.5;

    public static void Run(StageRun run, TrainOptions options)
    {
        var rows = File.ReadAllLines(run.Input("features.csv"))
            .Select(line => double.Parse(line.Split(',')[0], CultureInfo.InvariantCulture)).ToArray();
        var target = Stats.Mean(rows.Where(row => row > 0.01).Select(row => row * 2).ToArray());
        var weight = Start;
        for (var epoch = 0; epoch < options.Epochs; epoch++)
            weight = Step(weight);
        weight = Twice(weight, value => value + 1, value => value * 3);
        if (options.Epochs > 1000)
            weight = 0;
        File.WriteAllText(run.Output("model.txt"), Format.Number(weight));

        double Step(double current) => current + options.Rate * (target - current);
    }

    private static double Twice(double value, Func<double, double> first, Func<double, double> second) =>
        second(first(value));
}
