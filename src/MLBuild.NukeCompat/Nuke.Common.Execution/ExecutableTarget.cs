#nullable disable
using System.Diagnostics;
using System.Linq.Expressions;
using System.Reflection;
using MLBuild.NukeCompat;
using Nuke.Common.Utilities.Collections;

namespace Nuke.Common.Execution;

/// <summary>A target of this build: what was declared, what came of it. Extensions may change its actions,
/// conditions, dependencies and remarks until its turn comes.</summary>
[DebuggerDisplay("{Name} ({Status})")]
public class ExecutableTarget
{
    internal TargetDefinition Definition { get; set; }
    internal Stopwatch Stopwatch { get; } = new();

    public MemberInfo Member { get; set; }
    public string Name { get; set; }
    public string Description { get; set; }
    public bool Listed { get; set; }

    /// <summary>The delegate that the build's property holds; targets are told apart by it.</summary>
    public Delegate Factory { get; set; }

    public List<(string Text, Func<bool> Delegate)> DynamicConditions { get; internal set; } = new();
    public List<(string Text, Func<bool> Delegate)> StaticConditions { get; internal set; } = new();
    public DependencyBehavior DependencyBehavior { get; internal set; }
    public bool AssuredAfterFailure { get; internal set; }
    public bool ProceedAfterFailure { get; internal set; }
    public List<LambdaExpression> DelegateRequirements { get; internal set; } = new();

    /// <summary>Run in order. A target without actions only groups its dependencies.</summary>
    public List<Action> Actions { get; internal set; } = new();

    public List<ExecutableTarget> ExecutionDependencies { get; } = new();
    public List<ExecutableTarget> OrderDependencies { get; } = new();
    public List<ExecutableTarget> TriggerDependencies { get; } = new();
    public List<ExecutableTarget> Triggers { get; } = new();

    public IReadOnlyCollection<ExecutableTarget> AllDependencies =>
        [.. ExecutionDependencies, .. OrderDependencies, .. TriggerDependencies];

    public LookupTable<ExecutableTarget, string> ArtifactDependencies { get; internal set; } = new();
    public List<string> ArtifactProducts { get; internal set; } = new();
    public int? PartitionSize { get; set; }

    public TimeSpan Duration => Stopwatch.Elapsed;
    public bool IsDefault { get; set; }
    public ExecutionStatus Status { get; set; }
    public bool Invoked { get; set; }

    /// <summary>The remarks behind the target's row in the summary.</summary>
    public Dictionary<string, string> SummaryInformation { get; internal set; } = new();

    /// <summary>Why it was skipped, other than by its own condition.</summary>
    public string Skipped
    {
        get => SummaryInformation.GetValueOrDefault(nameof(Skipped));
        set => SummaryInformation.AddPairWhenValueNotNull(nameof(Skipped), value);
    }

    /// <summary>The text of its own conditions that did not hold.</summary>
    public string OnlyWhen
    {
        get => SummaryInformation.GetValueOrDefault(nameof(OnlyWhen));
        set => SummaryInformation.AddPairWhenValueNotNull(nameof(OnlyWhen), value);
    }
}
