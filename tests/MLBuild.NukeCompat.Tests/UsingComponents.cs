namespace MLBuild.NukeCompat.Tests;

/// <summary>Targets and parameters that come from interfaces and base classes.</summary>
public sealed class UsingComponents : IDisposable
{
    private readonly Workspace _space = new();

    [Fact]
    public void RedeclaredTargetInheritsTheComponents() =>
        Assert.Equal(["ingest s3", "and count"], _space.Run("Components", "Ingest --source s3").Messages);

    [Fact]
    public void ComponentsDependOnEachOtherWhenPresent() =>
        Assert.Equal(["Ingest Succeeded", "Validate Succeeded"], _space.Run("Components").Summary);

    [Fact]
    public void ContextIsPreparedAndTidiedUp() =>
        Assert.Equal(["prepare", "in context", "tidy"], _space.Run("Components", "InContext").Messages);

    [Fact]
    public void ContextIsTidiedUpAfterAFailure() =>
        Assert.Equal(
            ["Prepare Succeeded", "FailingInContext Failed // Exception: in context", "Tidy Succeeded"],
            _space.Run("Components", "FailingInContext").Summary);

    [Fact]
    public void SameNameInTwoComponentsMustBeDecided() =>
        Assert.Equal(
            [
                "Target 'Same' comes from ILeft and IRight. Declare it in AmbiguousBuild to say which is meant: "
                + "public Target Same => _ => _.Inherit<…>(x => x.Same);"
            ],
            _space.Run("Ambiguous").Lines);

    [Fact]
    public void TargetThatOnlyLooksLikeAnOverride() =>
        Assert.Equal(
            [
                "Target 'Same' of HiddenBuild is not public, so it does not replace the one of ILeft. "
                + "Make it public, or give it another name."
            ],
            _space.Run("Hidden").Lines);

    [Fact]
    public void BaseAppliesEachLevelOnce()
    {
        Assert.Equal(["base x", "middle"], _space.Run("Inheriting", "--inherited x").Messages);
        Assert.Equal(["guarded base", "guarded middle", "guarded"], _space.Run("Inheriting", "Guarded").Messages);
    }

    public void Dispose() => _space.Dispose();
}
