using Nuke.Common;
using Serilog;

namespace Builds;

/// <summary>A parameter that several components share.</summary>
interface IHazData : INukeBuild
{
    [Parameter("Where the rows come from")]
    string Source => TryGetValue(() => Source);
}

interface IIngest : IHazData
{
    Target Ingest => _ => _.Executes(() => Log.Information("ingest {Source:l}", Source));
}

interface IValidate : INukeBuild
{
    Target Validate => _ => _.TryDependsOn<IIngest>().TryDependsOn<IAbsent>(x => x.Absent)
        .Executes(() => Log.Information("validate"));
}

interface IAbsent : INukeBuild
{
    Target Absent => _ => _.Executes(() => { });
}

interface IScratch : INukeBuild
{
    Setup Prepare => _ => _.Executes(() => Log.Information("prepare"));
    Cleanup Tidy => _ => _.Executes(() => Log.Information("tidy"));
}

/// <summary>Targets from components: re-declared, inherited, tied to each other, with a context.</summary>
class ComponentsBuild : NukeBuild, IIngest, IValidate, IScratch
{
    public static int Start() => Execute<ComponentsBuild>(x => ((IValidate)x).Validate);

    public Target Ingest => _ => _.Inherit<IIngest>(x => x.Ingest).Executes(() => Log.Information("and count"));
    Target InContext => _ => _.DependsOnContext<IScratch>().Executes(() => Log.Information("in context"));
    Target FailingInContext => _ => _.DependsOnContext<IScratch>().Executes(() => Assert.Fail("in context"));
}

interface ILeft : INukeBuild
{
    Target Same => _ => _.Executes(() => { });
}

interface IRight : INukeBuild
{
    Target Same => _ => _.Executes(() => { });
}

/// <summary>Two components with targets of one name.</summary>
class AmbiguousBuild : NukeBuild, ILeft, IRight
{
    public static int Start() => Execute<AmbiguousBuild>();
}

/// <summary>A target that looks like a component's but does not replace it.</summary>
class HiddenBuild : NukeBuild, ILeft
{
    public static int Start() => Execute<HiddenBuild>();

    Target Same => _ => _.Executes(() => { });
}

abstract class BaseBuild : NukeBuild
{
    [Parameter] readonly string Inherited = "default";

    public virtual Target Shared => _ => _.Description("from the base")
        .Executes(() => Log.Information("base {P:l}", Inherited));
    protected virtual Target Guarded => _ => _.Executes(() => Log.Information("guarded base"));
}

class MiddleBuild : BaseBuild
{
    public override Target Shared => _ => _.Base().Executes(() => Log.Information("middle"));
    protected override Target Guarded => _ => _.Base().Executes(() => Log.Information("guarded middle"));
}

/// <summary>Targets overridden in one class and again in another.</summary>
class InheritingBuild : MiddleBuild
{
    public static int Start() => Execute<InheritingBuild>(x => x.Shared);

    protected override Target Guarded => _ => _.Base().Executes(() => Log.Information("guarded"));
    Target Baseless => _ => _;
}
