using System.Reflection;
using MLBuild.Engine.Recipes;
using MLBuild.Learning.Drift;
using MLBuild.Learning.Models;
using MLBuild.Learning.Monitoring;
using MLBuild.Learning.Splits;
using MLBuild.Stages.Evaluate;
using MLBuild.Stages.Monitor;
using MLBuild.Stages.Validate;

namespace MLBuild.Stages.Tests.Train;

/// <summary>Each member of each options record is in the recipe: another value is another fingerprint.</summary>
public sealed class ChangingOptions
{
    public static TheoryData<Type, string> Members
    {
        get
        {
            var members = new TheoryData<Type, string>();
            foreach (var type in (Type[])[typeof(TrainingOptions), typeof(EvaluateOptions), typeof(KeySplit),
                typeof(ValidateOptions),
                typeof(MonitorOptions), typeof(DriftOptions), typeof(PerformanceOptions), typeof(WindowsOptions)])
            {
                foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
                    members.Add(type, property.Name);
            }
            return members;
        }
    }

    [Theory]
    [MemberData(nameof(Members))]
    public void AnotherValueIsAnotherFingerprint(Type type, string member)
    {
        var (before, after) = (Activator.CreateInstance(type)!, Activator.CreateInstance(type)!);
        var property = type.GetProperty(member)!;
        property.SetValue(after, Other(property.PropertyType, property.GetValue(before)));
        Assert.NotEqual(Recipe(before).Fingerprint, Recipe(after).Fingerprint);
        // A list is an entry of its own, and one for each of its items.
        Assert.All(
            RecipeDiff.Between(Recipe(before), Recipe(after)),
            change => Assert.StartsWith($"parameter '{member}", change.ToString()));
    }

    private static Recipe Recipe(object options) => new(ParameterEntries.Of(options));

    private static object Other(Type type, object? value) => value switch
    {
        null when type == typeof(double?) => 0.0,
        null when type == typeof(int?) => 0,
        null when type == typeof(string) => "x",
        null when type == typeof(TimeSpan?) => TimeSpan.FromDays(7),
        null => new DateTime(2019, 3, 1),
        int number => number + 1,
        long number => number + 1,
        // The smallest change that a double can make.
        double number => Math.BitIncrement(number),
        string text => text + "x",
        TrainerKind.LightGbm => TrainerKind.Linear,
        PerformanceOptions performance => performance with { MinLabelled = performance.MinLabelled + 1 },
        IReadOnlyList<KnownChange> => new KnownChange[] { new("fare", "new tariff") },
        WindowRule rule => rule with { Kind = WindowKind.Week },
        LabelSource.Rows => LabelSource.Joined,
        DriftOptions drift => drift with { MinRows = drift.MinRows + 1 },
        _ => throw new NotSupportedException($"Say how to change a {value.GetType().Name}."),
    };
}
