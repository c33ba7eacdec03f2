using MLBuild.Engine.Code;
using MLBuild.Engine.Commands;
using MLBuild.Engine.Recipes;
using MLBuild.Engine.Stages;
using MLBuild.Store;

namespace MLBuild.Engine.Running;

/// <summary>The recipe of a unit, and what it would do now.</summary>
internal sealed record UnitPlan(
    StageUnit Unit, StageSetting Setting, UnitInputs Inputs, Recipe Recipe, Verdict Verdict);

/// <summary>Works out the recipe of each unit and what follows from it. Changes nothing.</summary>
internal sealed class UnitPlanner(
    Workspace workspace, ICodeFingerprint code, StageCommands commands, OutputPlaces places)
{
    /// <summary>Raise it when an equal recipe no longer means an equal result because MLBuild itself changed.</summary>
    private const string Semantics = "1";

    // Below this, starting threads takes longer than they save.
    private const int FewUnits = 16;

    /// <summary>Decides units of one stage, in their order.</summary>
    public IReadOnlyList<UnitPlan> Decide(IReadOnlyList<StageUnit> units, StageSetting setting, StageInputs inputs)
    {
        var plans = new UnitPlan[units.Count];
        SideBySide.For(plans.Length, FewUnits, i => plans[i] = Decide(units[i], setting, inputs.For(units[i])));
        return plans;
    }

    private UnitPlan Decide(StageUnit unit, StageSetting setting, UnitInputs inputs)
    {
        var recipe = new Recipe(
        [
            new(RecipeKind.Semantics, "mlbuild", "number", Semantics),
            new(RecipeKind.Stage, unit.Stage.Name.ToString(), "text", ""),
            .. PartitionEntries(unit),
            .. ParameterEntries.Of(setting.OptionsOf(unit)),
            .. setting.Observed.Select(pair => new RecipeEntry(RecipeKind.Observed, pair.Key, "text", pair.Value)),
            .. setting.Files.Entries,
            .. inputs.Entries,
            .. unit.Stage.Command is null ? [] : commands.Of(unit.Stage),
            .. unit.Stage.OutputEntries,
        ], unit.Stage.Command is null ? code.Of(unit.Stage).Lines : null);
        var fingerprint = recipe.Fingerprint;
        var record = unit.Stage.Kind == StageKind.Effect ? null : workspace.Records.Find(fingerprint);
        var lost = record?.Outputs.FirstOrDefault(output => !workspace.Artifacts.Contains(output.Artifact))?.Name;
        var verdict = Planner.Decide(unit.Stage.Kind, recipe, record, lost,
            inPlace: () => places.Have(unit, record!),
            previous: () => workspace.LastRecipe(unit.Name));
        if (verdict is Verdict.Changed changed)
            verdict = new Verdict.Changed(
                [.. changed.Changes.Select(change => setting.Files.Explain(change, workspace))]);
        verdict = Planner.Freeze(verdict, unit.Stage.FrozenBecause, () => LastAsDeclared(unit));
        return new(unit, setting, inputs, recipe, verdict);
    }

    // A result without an output that has since been declared is none.
    private ActionRecord? LastAsDeclared(StageUnit unit) =>
        workspace.Last(unit.Name) is { } last
            && last.Outputs.Select(output => output.Name).ToHashSet().SetEquals(unit.Stage.Outputs) ? last : null;

    // The key even of a matrix point, whose value is among the options: the code sees it too.
    private IEnumerable<RecipeEntry> PartitionEntries(StageUnit unit)
    {
        if (unit.Partition is { } key)
            yield return new(RecipeKind.Partition, key, "text", "");
        if (unit.Source is { } source)
            yield return SourceEntry(source);
    }

    /// <summary>A partition's source file as it is now; a range of one as it was found.</summary>
    public RecipeEntry SourceEntry(SourceFile source) => source.Range is { } range
        ? new(RecipeKind.Input, FormattableString.Invariant($"{source.Name} from line {range.FirstLine}"), "source",
            range.Hash.Hex)
        : new(RecipeKind.Input, source.Name, "source", workspace.Hashes.Of(source.Path).Hex);
}
