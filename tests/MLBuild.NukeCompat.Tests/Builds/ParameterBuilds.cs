using Nuke.Common;
using Nuke.Common.CI;
using Nuke.Common.IO;
using Nuke.Common.ValueInjection;
using Serilog;

namespace Builds;

/// <summary>A closed set of choices, as a parameter of a build.</summary>
public enum Algorithm
{
    FastTree,
    LightGbm,
    Sdca
}

/// <summary>Gives a member its own name.</summary>
class OwnNameAttribute : ValueInjectionAttributeBase
{
    public override object GetValue(System.Reflection.MemberInfo member, object instance) => member.Name;
}

[ParameterPrefix("Data")]
interface IHazSource : INukeBuild
{
    [Parameter] string Source => TryGetValue(() => Source);
    [Parameter] int? Limit => TryGetValue<int?>(() => Limit);
}

/// <summary>Parameters of many kinds, told by one target.</summary>
class ParametersBuild : NukeBuild, IHazSource
{
    public static int Start() => Execute<ParametersBuild>(x => x.Tell);

    [Parameter] readonly double LearningRate = 0.1;
    [Parameter] readonly float? Momentum;
    [Parameter] int Epochs { get; } = 10;
    [Parameter] public long Rows { get; set; }
    [Parameter] readonly byte Threads;
    [Parameter] readonly Algorithm Algorithm = Algorithm.FastTree;
    [Parameter] readonly Algorithm[] Candidates = [];
    [Parameter] readonly bool Force;
    [Parameter] readonly TimeSpan? Budget;
    [Parameter] readonly AbsolutePath Model;
    [Parameter(Separator = ",")] readonly string[] Columns;
    [Parameter(Name = "Seed")] readonly int RandomSeed = 1;
    [Parameter, Secret] readonly string ApiKey;
    [Parameter, Secret] readonly int Pin;
    [Parameter(List = false)] readonly string Unlisted;
    [OwnName] readonly string Injected;
    [Parameter] static string Shared;
    [Parameter] string Computed => "computed";

    Target Tell => _ => _.Executes(() =>
    {
        Tell_("rate", LearningRate);
        Tell_("momentum", Momentum);
        Tell_("epochs", Epochs);
        Tell_("rows", Rows);
        Tell_("algorithm", Algorithm);
        Tell_("candidates", string.Join('+', Candidates));
        Tell_("force", Force);
        Tell_("budget", Budget);
        Tell_("model", Model);
        Tell_("columns", Columns == null ? null : string.Join('+', Columns));
        Tell_("seed", RandomSeed);
        Tell_("key", ApiKey);
        Tell_("injected", Injected);
        Tell_("shared", Shared);
        Tell_("source", ((IHazSource)this).Source);
        Tell_("limit", ((IHazSource)this).Limit);
        Tell_("partition", Partition);
        Tell_("part", string.Join('+', Partition.GetCurrent(Enumerable.Range(1, 7))));
    });

    Target Root => _ => _.Executes(() =>
        Log.Information("{Root:l} {Profiles:l}", RootDirectory, string.Join('+', LoadedLocalProfiles)));

    static void Tell_(string name, object value) =>
        Log.Information("{Name:l}={Value:l}", name, FormattableString.Invariant($"{value}"));
}

/// <summary>Requirements of several kinds.</summary>
class RequirementsBuild : NukeBuild
{
    public static int Start() => Execute<RequirementsBuild>(x => x.Deploy);

    [Parameter] readonly string ModelVersion;
    [Parameter] readonly int? Replicas;
    [Parameter] readonly bool Confirmed;
    [Parameter, Required] readonly string Stage;

    Target Build => _ => _.Executes(() => Log.Information("build"));
    Target Deploy => _ => _.DependsOn(Build)
        .Requires(() => ModelVersion)
        .Requires(() => Replicas)
        .Requires(() => Confirmed)
        .Executes(() => Log.Information("deploy"));
}
