using MLBuild.Store;

namespace MLBuild.Registry.Tests;

/// <summary>Candidates and requests of one example model, with everything that a test does not care about.</summary>
internal static class TaxiModel
{
    public const string Name = "taxi-fare";

    public static ModelCandidate Candidate(
        string bytes, GateOutcome gate = GateOutcome.Passed, string evaluation = "e") =>
        new(Name, ContentHash.Of(bytes), Evidence(gate, evaluation), "ann");

    public static Evidence Evidence(GateOutcome gate = GateOutcome.Passed, string evaluation = "e") =>
        new(
            ContentHash.Of("recipe of Train"),
            ContentHash.Of(evaluation),
            gate,
            new([new("rmse", 5.25), new("r2", -0.1)]),
            new([new("recipe/Train", ContentHash.Of("recipe of Train")), new("golden-rows", ContentHash.Of("rows"))]))
        {
            InputSchemaHash = ContentHash.Of("schema"),
        };

    public static DeployRequest To(string environment, int number) =>
        new(Name, environment, number, "ann", "weekly release");

    public static AnnotateRequest On(int number, Annotation annotation) => new(Name, number, annotation, "ann");

    public static int? ServingNumber(this IModelRegistry registry, string environment) =>
        registry.Serving(Name, environment) is Served.Version served ? served.Model.Number : null;

    public static RegistryException Refused(RegistryFault fault, Action act)
    {
        var refusal = Assert.Throws<RegistryException>(act);
        Assert.Equal(fault, refusal.Fault);
        return refusal;
    }
}
